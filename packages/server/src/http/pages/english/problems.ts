import type { ProblemCode } from '@behalf/contract'

/** The one thing to do next. */
export type NextStep = 'connections' | 'sign_in' | 'another_person' | 'try_again' | 'start_again'
type ProblemText = { readonly title: string; readonly text: string; readonly next?: NextStep }

/** What problems say to a person, and the one thing to do next; `connections` where nothing is said. */
export const PROBLEM_TEXTS = {
  forSupport: 'For your IT team: {codes}',
  other: 'Nothing was changed.',
  steps: {
    connections: 'Back to your connections',
    sign_in: 'Sign in again',
    another_person: 'Sign in as somebody else',
    try_again: 'Try again',
    start_again: 'Start again',
  } satisfies Record<NextStep, string>,
  signedInAs: 'You are signed in as {person}.',
  byCode: {
    not_found: { title: 'There is nothing here', text: 'The address is wrong, or what was here is gone.' },
    unauthenticated: { title: 'You are not signed in', text: 'Sign in to see this.', next: 'sign_in' },
    forbidden: { title: 'This is not for you', text: 'Your role does not include it. Your IT team can change that.' },
    subject_suspended: {
      title: 'Your access is suspended',
      text: 'Nothing is used in your name while it is. Your IT team can tell you more.',
    },
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
      text: 'It was used already, or has expired. Connect from your connections page, or ask for a new link where you got this one.',
    },
    wrong_person: {
      title: 'This was meant for somebody else',
      text: 'It only works for the person it was made for. If that is you, sign in with the right account.',
      next: 'another_person',
    },
    wrong_browser: {
      title: 'This was begun in another browser',
      text: 'To keep your account safe, a connection ends in the browser where it began. If that was you, start again here.',
    },
    session_expired: {
      title: 'You were signed out meanwhile',
      text: 'Nothing was connected or changed. Sign in, then start again.',
      next: 'sign_in',
    },
    authorization_request_used: {
      title: 'That took too long, or was done already',
      text: 'Look at your connections. If the system is not connected there, start again.',
      next: 'connections',
    },
    invalid_request: {
      title: 'That did not work',
      text: 'The request was not one that we began. Nothing was changed.',
    },
    csrf_rejected: {
      title: 'That did not come from this page',
      text: 'Nothing was changed. Go back, reload the page and try again.',
    },
    version_conflict: {
      title: 'It was changed at the same moment',
      text: 'Perhaps in another window. Look at your connections and try again if need be.',
    },
    plugin_not_launched: {
      title: 'This plugin is not in use at the moment',
      text: 'Your IT team has ended it, or has not launched it yet. Nothing was changed.',
    },
    not_in_launch_audience: {
      title: 'This plugin is not launched to you',
      text: 'Your IT team decides for whom it is. Nothing was changed.',
    },
    debug_window_over: { title: 'That was answered already', text: 'Look at your connections to see how it stands.' },
    invalid_cursor: { title: 'There is no such page', text: 'The list has changed meanwhile. Begin with the newest.' },
    connector_misconfigured: {
      title: 'This system is not set up right',
      text: 'It does not accept the way it is asked. Your IT team has to look at it; nothing was changed.',
    },
    provider_timeout: {
      title: 'The other side does not answer',
      text: 'Nothing was changed. Try again in a moment.',
      next: 'try_again',
    },
    provider_invalid_response: {
      title: 'The other side gave no usable answer',
      text: 'Nothing was changed. If it happens again, your IT team should know.',
      next: 'try_again',
    },
    outbound_refused: {
      title: 'This system cannot be reached from here',
      text: 'Its address is not one that may be called. Your IT team has to look at it.',
    },
    body_too_large: {
      title: 'That was too much',
      text: 'The form was longer than is taken here. Nothing was changed.',
    },
    unsupported_media_type: {
      title: 'That did not come from this page',
      text: 'Nothing was changed. Go back, reload the page and try again.',
    },
    connection_not_found: { title: 'There is no such connection', text: 'It may have been ended already.' },
    method_not_allowed: { title: 'That does not work here', text: 'Nothing was changed.' },
    rate_limited: { title: 'That was a little too often', text: 'Wait a moment, then try again.', next: 'try_again' },
    store_unavailable: {
      title: 'We will be back in a moment',
      text: 'Our database cannot be reached right now. Nothing was changed, and your connections are safe.',
      next: 'try_again',
    },
    vault_unavailable: {
      title: 'We will be back in a moment',
      text: 'Our keys cannot be reached right now. Nothing was changed, and your connections are safe.',
      next: 'try_again',
    },
    shutting_down: {
      title: 'We will be back in a moment',
      text: 'This server is being restarted. Nothing was changed, and your connections are safe.',
      next: 'try_again',
    },
    provider_unavailable: {
      title: 'The other side does not answer',
      text: 'Nothing was changed. Try again in a moment.',
      next: 'try_again',
    },
    internal: {
      title: 'Something broke on our side',
      text: 'It is nothing you did. If it happens again, tell your IT team the number below.',
      next: 'try_again',
    },
  } as Partial<Record<ProblemCode, ProblemText>>,
} as const
