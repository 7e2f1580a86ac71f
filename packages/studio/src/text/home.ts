export const HOME = {
  title: 'Home',
  firstTitle: 'Three steps to a working connector',
  firstLead: 'From a third party’s documentation page to a call in somebody’s name.',
  steps: [
    {
      title: 'Make a connector',
      text: 'Register the callback URL at the third party, copy its client id and secret here, and look at what will be sent.',
      action: 'New connector',
    },
    {
      title: 'Test it with your own account',
      text: 'Connect it yourself and send one call. Nobody else can connect before its hosts are approved.',
      action: 'Test it',
    },
    {
      title: 'Launch a plugin that uses it',
      text: 'A plugin names the connectors and rights it needs. Launching it decides for whom it works, and what is written down.',
      action: 'New plugin',
    },
  ],
  done: 'Done',
  attention: 'Needs attention',
  attentionWhat: 'what needs attention',
  calm: 'Nothing needs you right now.',
  connectorsWaiting: (count: number) =>
    count === 1
      ? '1 connector waits for its hosts to be approved'
      : `${count} connectors wait for their hosts to be approved`,
  look: 'Look at them',
  usage: 'Usage',
  urls: 'Addresses',
  urlsLead: 'What you register elsewhere.',
  organizationUrl: 'Organization',
  callback: 'Organization’s callback',
  ssoCallback: 'Callback for the SSO',
  what: 'the organization',
} as const
