/** A sample person: signs in at the SSO with e-mail and password, and at the provider with the same pair. */
export type Person = {
  readonly role: 'end_user' | 'developer' | 'admin'
  readonly sub: string
  readonly email: string
  readonly name: string
  readonly password: string
  readonly groups: readonly string[]
  readonly department: string
}

const PEOPLE = [
  {
    role: 'end_user',
    sub: 'una',
    email: 'una@acme.example',
    name: 'Una Ortiz',
    groups: ['sales'],
    department: 'Sales',
  },
  {
    role: 'developer',
    sub: 'dev',
    email: 'dev@acme.example',
    name: 'Dev Rao',
    groups: ['engineering'],
    department: 'IT',
  },
  {
    role: 'admin',
    sub: 'ada',
    email: 'ada@acme.example',
    name: 'Ada Lindqvist',
    groups: ['it-admins'],
    department: 'IT',
  },
] as const

/** The three sample people, end user first, with passwords from `draw`. */
export const samplePeople = (draw: () => string): readonly Person[] =>
  PEOPLE.map(person => ({ ...person, password: draw() }))

/** Finds whom a sign-in form means; either spelling of the e-mail's host will do. */
export function findPerson(people: readonly Person[], email: string, password: string): Person | undefined {
  const account = email.trim().toLowerCase().split('@')[0]
  return people.find(person => person.email.split('@')[0] === account && person.password === password)
}
