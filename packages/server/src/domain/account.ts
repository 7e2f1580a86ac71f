import type { Values } from './template.ts'

/** One third-party account, or one site of it. */
export type AccountSite = {
  readonly id: string | null
  readonly label: string | null
  readonly icon: string | null
  readonly values: Values
}

/** Whose grant it is. Several `sites` where one consent covers them and the person must choose. */
export type AccountFound = AccountSite & { readonly sites: readonly AccountSite[] | null }
