/** One request as it will be sent, secrets by name in square brackets. */
export type PreviewedRequest = {
  readonly purpose: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}
