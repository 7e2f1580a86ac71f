/** What scopes allow, in words. */
export const RIGHTS = {
  known: {
    openid: 'Know which account is yours',
    email: 'See your e-mail address there',
    profile: 'See your name and profile there',
    offline_access: 'Stay connected when you are away',
    offline: 'Stay connected when you are away',
    refresh_token: 'Stay connected when you are away',
  } as Readonly<Record<string, string>>,
  verbs: {
    read: 'Read {things}',
    readonly: 'Read {things}',
    view: 'Read {things}',
    write: 'Create and change {things}',
    edit: 'Create and change {things}',
    readwrite: 'Read, create and change {things}',
    manage: 'Manage {things}, which may include deleting',
    admin: 'Administer {things}',
    delete: 'Delete {things}',
  } as Readonly<Record<string, `${string}{things}${string}`>>,
} as const
