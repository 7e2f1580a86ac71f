import type { SubjectId } from '@behalf/contract'

/** What may be known of a person, by name; every value is somebody else's word and only ever compared. */
export type AttributeValue = string | number | boolean | readonly string[]
type Attributes = Readonly<Record<string, AttributeValue>>

/** Groups and attributes from one source. */
export type Described = { readonly groups: readonly string[]; readonly attributes: Attributes }

/** Which claims of a sign-in say what a person is: exact names at the top of the ID token or the UserInfo answer. */
export type RosterClaims = { readonly groups: string | null; readonly attributes: Readonly<Record<string, string>> }

export const NOTHING_KNOWN: Described = { groups: [], attributes: {} }

/** Somebody whom a launch audience may reach: a subject, or one who was imported and has not signed in yet. */
export type Candidate = {
  readonly id: SubjectId | null
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string | null
  /** From the last sign-in; goes before what was imported. */
  readonly claims: Described
  readonly imported: Described
}

/** One line of an import; `subjectId` is the one who first signed in with the e-mail, verified. */
export type RosterEntry = Described & {
  readonly email: string
  readonly name: string | null
  readonly subjectId: SubjectId | null
  readonly importedAt: number
}

const LONGEST = 200
const MOST_VALUES = 500

/** An attribute by its name: own properties alone, the sign-in's word before the import's. */
export function attributeOf(person: Candidate, name: string): AttributeValue | undefined {
  if (Object.hasOwn(person.claims.attributes, name)) return person.claims.attributes[name]
  return Object.hasOwn(person.imported.attributes, name) ? person.imported.attributes[name] : undefined
}

export const isInGroup = (person: Candidate, group: string): boolean =>
  person.claims.groups.includes(group) || person.imported.groups.includes(group)

/** Takes from a sign-in's claims what the organization asked for. What is too long, too much or of another kind is left out, never cut. */
export function describedByClaims(wanted: RosterClaims | null, claims: Readonly<Record<string, unknown>>): Described {
  if (wanted === null) return NOTHING_KNOWN
  const own = (claim: string) => (Object.hasOwn(claims, claim) ? claims[claim] : undefined)
  const attributes = Object.entries(wanted.attributes).flatMap(([name, claim]) => {
    const value = attributeValue(own(claim))
    return value === undefined ? [] : [[name, value] as const]
  })
  const groups = wanted.groups === null ? undefined : attributeValue(own(wanted.groups))
  return {
    groups: typeof groups === 'string' ? [groups] : Array.isArray(groups) ? groups : [],
    attributes: Object.fromEntries(attributes),
  }
}

function attributeValue(raw: unknown): AttributeValue | undefined {
  if (typeof raw === 'string') return isPlain(raw) ? raw : undefined
  if (typeof raw === 'boolean') return raw
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined
  if (!Array.isArray(raw) || raw.length > MOST_VALUES) return undefined
  return raw.filter(value => typeof value === 'string' && isPlain(value))
}

/** Text of bounded length without control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
export const isPlain = (text: string): boolean => text.length <= LONGEST && !/[\u0000-\u001f\u007f]/.test(text)

/** Everything known of a person, as rules see it. */
export const allKnown = ({ claims, imported }: Pick<Candidate, 'claims' | 'imported'>): Described => ({
  groups: [...new Set([...claims.groups, ...imported.groups])],
  attributes: { ...imported.attributes, ...claims.attributes },
})
