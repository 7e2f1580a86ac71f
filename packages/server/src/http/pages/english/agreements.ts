/** What a person reads whose calls a launch would keep word for word. */
export const AGREEMENTS = {
  heading: 'What is kept of your calls',
  title: '{plugin} is being tried out with you',
  asked:
    'Its developers ask to see what it asks and is answered in your name, word for word. Never a password or an access.',
  reason: 'Their reason: “{reason}”',
  until:
    'Until you agree, every name, number and text is masked. You can take it back at any time; what was kept is erased after 14 days.',
  agree: 'Agree',
  agreedTitle: 'Calls of {plugin} for you are kept word for word',
  agreed: 'You agreed to that. You can take it back at any time.',
  withdraw: 'Take it back',
} as const
