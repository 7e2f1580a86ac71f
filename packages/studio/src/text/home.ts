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
  waiting: (count: number) =>
    count === 1
      ? '1 connector waits for its hosts to be approved'
      : `${count} connectors wait for their hosts to be approved`,
  failing: (connector: string, failures: number, calls: number) =>
    `${connector}: ${failures} of ${calls} calls failed since yesterday`,
  unwell: (connector: string) => `${connector}: its last health call failed`,
  rejected: (connector: string, count: number) =>
    count === 1
      ? `${connector}: the provider does not accept its client id and secret; 1 connection could not be renewed`
      : `${connector}: the provider does not accept its client id and secret; ${count} connections could not be renewed`,
  lapsing: (connector: string, count: number) =>
    count === 1
      ? `${connector}: 1 grant lapses within seven days, unless its person consents again`
      : `${connector}: ${count} grants lapse within seven days, unless their people consent again`,
  reconnect: (count: number) =>
    count === 1 ? '1 person has to reconnect a system' : `${count} people have to reconnect a system`,
  retried: (count: number) =>
    count === 1 ? '1 revocation is being retried' : `${count} revocations are being retried`,
  unconfirmed: (count: number) =>
    count === 1
      ? '1 disconnect was not confirmed by its provider'
      : `${count} disconnects were not confirmed by their providers`,
  turnedStrict: (plugin: string) =>
    `${plugin}: a launch turned strict, because it reaches more people than the threshold or can grow`,
  look: 'Look',
  usage: 'Usage in the last 30 days',
  usageWhat: 'the usage',
  usageNone: 'No calls in the last 30 days. As soon as a plugin calls a system for somebody, it shows here.',
  calls: 'Calls',
  failed: 'Failed',
  chart: (calls: string, failed: string) =>
    `${calls} ${calls === '1' ? 'call' : 'calls'} in 30 days, ${failed} of them failed`,
  byPlugin: 'By plugin',
  day: 'Day',
  plugin: 'Plugin',
  table: 'As a table',
  urls: 'Addresses',
  urlsLead: 'What you register elsewhere.',
  organizationUrl: 'Organization',
  callback: 'Organization’s callback',
  ssoCallback: 'Callback for the SSO',
  what: 'the organization',
} as const
