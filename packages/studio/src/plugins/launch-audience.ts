import type { Input } from '@behalf/sdk'

export type Given = Input<'previewLaunch'>['body']['launch_audience']
export type Kind = Given['kind']

/** What the dialog's boxes hold: one text for each, lines for lists. */
export type Boxes = { readonly kind: Kind; readonly people: string; readonly groups: string; readonly rule: string }
export const EMPTY: Boxes = { kind: 'people', people: '', groups: '', rule: '' }

const lines = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map(line => line.trim())
    .filter(Boolean)

/** The launch audience that the boxes say; undefined while it is not said for whom. */
export function audienceOf({ kind, people, groups, rule }: Boxes): Given | undefined {
  const [named, inGroups] = [lines(people), lines(groups)]
  switch (kind) {
    case 'people':
      return named.length === 0 ? undefined : { kind, people: named }
    case 'groups':
      return inGroups.length === 0 ? undefined : { kind, groups: inGroups }
    case 'everyone_but':
      return named.length + inGroups.length === 0 ? undefined : { kind, people: named, groups: inGroups }
    case 'rule':
      return rule.trim() === '' ? undefined : { kind, rule: rule.trim() }
    default:
      return { kind }
  }
}
