/** What a person reads who is asked for a debug window, or has one open. */
export const DEBUG_WINDOWS = {
  requests: 'Requests to you',
  title: 'A request to look at what {plugin} does for you',
  asked: '{asker} wants to find a fault in {plugin}, and asks to see its calls for you for {minutes} minutes.',
  reason: 'Their reason: “{reason}”',
  standard:
    'They would see what it asks and is answered with every name, number and text masked. Never a password or an access.',
  permissive: 'They would see what it asks and is answered, word for word. Never a password or an access.',
  only: 'Only your calls, only from when you agree, and you can end it at any time. What they saw is erased after 14 days.',
  agree: 'Agree',
  decline: 'Decline',
  openTitle: 'Calls of {plugin} for you are being looked at',
  open: '{asker} can see them until {until}.',
  end: 'End it now',
} as const
