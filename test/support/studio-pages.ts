export type Role = 'developer' | 'log_viewer' | 'auditor' | 'admin'
type Thing = readonly [
  role:
    | 'heading'
    | 'button'
    | 'link'
    | 'tab'
    | 'searchbox'
    | 'textbox'
    | 'group'
    | 'switch'
    | 'table'
    | 'radio'
    | 'img',
  name: string | RegExp,
]

/** One page or part of the studio: what everybody sees there who sees it, and what only some may do there. */
export type StudioPage = {
  readonly at: string
  readonly title: string
  readonly sees: readonly Role[]
  readonly shows: Thing
  readonly may?: readonly (readonly [...Thing, ...[readonly Role[]]])[]
}

const ALL: readonly Role[] = ['developer', 'log_viewer', 'auditor', 'admin']
const BUILDS: readonly Role[] = ['developer', 'admin']
const READS: readonly Role[] = ['auditor', 'admin']
const ADMIN: readonly Role[] = ['admin']
const orbit = (tab: string, shows: Thing, may: StudioPage['may'] = []): StudioPage => ({
  at: `/connectors/orbit?tab=${tab}`,
  title: 'Orbit CRM',
  sees: BUILDS,
  shows,
  may,
})
const assistant = (tab: string, shows: Thing, may: StudioPage['may'] = []): StudioPage => ({
  at: `/plugins/sales-assistant?tab=${tab}`,
  title: 'Sales assistant',
  sees: BUILDS,
  shows,
  may,
})
const settings = (section: string, shows: Thing): StudioPage => ({
  at: `/settings/${section}`,
  title: 'Settings',
  sees: ADMIN,
  shows,
})

/** Every page of the studio, said again here so that a slip in what is shown to whom shows. `una` is a person's id. */
export const studioPages = (una: string): readonly StudioPage[] => [
  {
    at: '/',
    title: 'Home',
    sees: ALL,
    shows: ['heading', 'Needs attention'],
    may: [
      ['heading', 'Three steps to a working connector', BUILDS],
      ['heading', 'Usage in the last 30 days', READS],
    ],
  },
  {
    at: '/connectors',
    title: 'Connectors',
    sees: BUILDS,
    shows: ['table', 'Connectors'],
    may: [['link', 'New connector', BUILDS]],
  },
  { at: '/connectors/new', title: 'New connector', sees: BUILDS, shows: ['searchbox', 'Search the catalogue'] },
  {
    at: '/connectors/new?preset=by-hand',
    title: 'New connector',
    sees: BUILDS,
    shows: ['group', 'The system'],
    may: [
      ['button', 'Create the connector', BUILDS],
      ['button', 'Create and approve its hosts', ADMIN],
    ],
  },
  {
    at: '/connectors/waiting',
    title: 'Waiting system',
    sees: BUILDS,
    shows: ['heading', 'Retire the connector'],
    may: [
      ['button', 'Approve these hosts', ADMIN],
      ['button', 'Retire …', BUILDS],
      ['tab', 'Who is connected', ADMIN],
    ],
  },
  orbit('edit', ['group', 'Required info'], [['button', 'Save', BUILDS]]),
  orbit('test', ['heading', 'Test with my account'], [['link', 'Generate token', BUILDS]]),
  orbit('versions', ['button', /^Version 1/], []),
  { ...orbit('people', ['heading', 'Nobody is connected yet']), sees: ADMIN },
  {
    at: '/plugins',
    title: 'Plugins',
    sees: BUILDS,
    shows: ['table', 'Plugins'],
    may: [['link', 'New plugin', BUILDS]],
  },
  {
    at: '/plugins/new',
    title: 'New plugin',
    sees: BUILDS,
    shows: ['button', 'Add a connector'],
    may: [['button', 'Create the plugin', BUILDS]],
  },
  assistant(
    'manifest',
    ['button', 'Add an action'],
    [
      ['button', 'Publish as a version', BUILDS],
      ['button', 'Retire …', BUILDS],
    ],
  ),
  assistant('try', ['button', 'Run'], []),
  assistant('versions', ['button', /^Version 1/], [['button', 'Restore into the draft', BUILDS]]),
  assistant('launches', ['button', 'Unlaunch …'], [['button', 'Launch …', BUILDS]]),
  assistant('keys', ['button', 'New key'], []),
  assistant('rights', ['textbox', 'Token release'], [['button', 'Save', ADMIN]]),
  assistant('debug', ['tab', 'Debug windows'], []),
  {
    at: '/logs',
    title: 'Logs',
    sees: ['log_viewer', 'admin'],
    shows: ['button', 'Export as NDJSON'],
    may: [['switch', 'Live tail', ['log_viewer', 'admin']]],
  },
  {
    at: '/audit',
    title: 'Audit',
    sees: READS,
    shows: ['table', 'Audit'],
    may: [
      ['button', 'Verify the chain', READS],
      ['button', 'Export as NDJSON', READS],
    ],
  },
  {
    at: '/people',
    title: 'People',
    sees: READS,
    shows: ['table', 'People'],
    may: [
      ['link', 'Import people', ADMIN],
      ['link', 'Imported people', READS],
    ],
  },
  { at: '/people/import', title: 'Import people', sees: ADMIN, shows: ['button', 'Check every line'] },
  { at: '/people/imported', title: 'Imported people', sees: READS, shows: ['heading', 'Nobody is waiting'] },
  {
    at: `/people/${una}`,
    title: 'Una Ortiz',
    sees: READS,
    shows: ['heading', 'Connections'],
    may: [
      ['button', 'Save the roles', ADMIN],
      ['button', 'Suspend …', ADMIN],
      ['heading', 'Sessions', ADMIN],
    ],
  },
  settings('organization', ['heading', 'Logo']),
  settings('sso', ['group', 'Change the SSO']),
  settings('logging', ['group', 'How long entries are kept']),
  settings('webhooks', ['button', 'New webhook']),
  settings('api-keys', ['button', 'New API key']),
]
