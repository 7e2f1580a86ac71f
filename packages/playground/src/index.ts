export { type Person, samplePeople } from './person.ts'
export { type ProviderOptions, type RunningProvider, startProvider } from './provider.ts'
export type { SeenRequest } from './request-log.ts'
export { type RunningServer, type SsoOptions, startSso } from './sso.ts'
