import type { ProblemCode } from '@behalf/contract'

/** Every English sentence that people read on pages, in one place. */
export const TEXT = {
  connections: 'Connections',
  lead: 'Systems that plugins may use in your name. Nothing is used before you connect it, and you can stop any of it here.',
  skip: 'Skip to the content',
  signOut: 'Sign out',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',
  search: 'Search systems',
  searchButton: 'Search',
  attention: 'Needs your attention',
  connected: 'Connected',
  available: 'Available',
  connect: 'Connect',
  reconnect: 'Reconnect',
  disconnect: 'Disconnect',
  notNow: 'Not now',
  back: 'Back to your connections',
  emptyTitle: 'Nothing to connect yet',
  empty:
    'When your IT team launches a plugin that needs one of your systems, the system shows up here. There is nothing for you to do.',
  noMatch: 'No system fits that search.',
  showAll: 'Show all systems',
  footer: 'You can end any connection here at any time; the system itself is told to forget it too.',
  yours: 'Only you see this: it is not approved for other people yet.',
} as const

/** Why a connection needs its person, in words; anything else says that the provider no longer accepts it. */
export const REASONS: Readonly<Record<string, string>> = {
  no_refresh_token: 'has ended, and could not be renewed without you',
  seal_broken: 'cannot be read any more and was stopped to be safe',
}

/** Why a connect came to nothing, in words. `null` takes the general one. */
export const CONNECT_FAILURES: Readonly<Record<string, string>> = {
  issuer_mismatch: 'The answer did not come from the system you were sent to, so it was not used.',
  provider_unavailable: 'It did not answer in time. Nothing was changed; trying again in a moment usually helps.',
  invalid_client: 'It does not accept the way this connector is set up. Your IT team has to look at it.',
  unauthorized_client: 'It does not accept the way this connector is set up. Your IT team has to look at it.',
  redirect_uri_mismatch: 'It does not know our return address. Your IT team has to register it.',
  invalid_scope: 'It does not know one of the rights that were asked for. Your IT team has to look at it.',
  invalid_grant: 'It said that the sign-in was used already or took too long.',
  temporarily_unavailable: 'It is busy right now. Nothing was changed; try again in a moment.',
  server_error: 'It had a problem of its own. Nothing was changed; try again in a moment.',
  account_changed:
    'You signed in there with another account than the one that is connected. Nothing was changed. To switch accounts, disconnect first, then connect again.',
  version_conflict:
    'It was changed in another window at the same moment. Look at your connections and try again if need be.',
}
export const CONNECT_FAILURE = 'It refused the request. Nothing was changed.'

/** Why a sign-in came to nothing, in words. */
export const SIGN_IN_FAILURES: Readonly<Record<string, string>> = {
  not_begun_here: 'This sign-in was begun in another browser, was used already, or took too long.',
  suspended: 'Your access is suspended. Your IT team can tell you more.',
}
export const SIGN_IN_FAILURE = 'The company sign-in sent an answer that could not be verified.'

/** What problems say to a person, and what to do next. */
export const PROBLEM_PAGES: Partial<Record<ProblemCode, { readonly title: string; readonly text: string }>> = {
  not_found: { title: 'There is nothing here', text: 'The address is wrong, or what was here is gone.' },
  connector_not_found: {
    title: 'This system is not offered to you',
    text: 'It may have been removed, or no plugin of yours needs it.',
  },
  connector_not_approved: {
    title: 'This system is not ready yet',
    text: 'Your IT team has to approve it before people can connect.',
  },
  plugin_not_found: {
    title: 'This plugin does not ask for that any more',
    text: 'It may have been removed or changed since.',
  },
  link_expired: {
    title: 'This link is over',
    text: 'It was used already, or has expired. Ask the plugin or the person who sent it for a new one, or connect from your connections page.',
  },
  wrong_person: {
    title: 'This was meant for somebody else',
    text: 'It only works for the person it was made for. If that is you, sign out and sign in with the right account.',
  },
  wrong_browser: {
    title: 'This was begun in another browser',
    text: 'To keep your account safe, a connection ends in the browser where it began. Start again here if it was you.',
  },
  session_expired: { title: 'You were signed out meanwhile', text: 'Nothing was connected. Sign in and start again.' },
  authorization_request_used: {
    title: 'That took too long, or was done already',
    text: 'Look at your connections. If the system is not connected there, start again.',
  },
  invalid_request: { title: 'That did not work', text: 'The request was not one that we began. Nothing was changed.' },
  csrf_rejected: {
    title: 'That did not come from this page',
    text: 'Nothing was changed. Go back, reload the page and try again.',
  },
  connection_not_found: { title: 'There is no such connection', text: 'It may have been ended already.' },
  method_not_allowed: { title: 'That does not work here', text: 'Nothing was changed.' },
  store_unavailable: { title: 'We cannot reach our database', text: 'Nothing was changed. Try again in a moment.' },
  provider_unavailable: { title: 'The sign-in service does not answer', text: 'Try again in a moment.' },
  internal: {
    title: 'Something broke on our side',
    text: 'Nothing you did. If it happens again, tell your IT team the number below.',
  },
}
