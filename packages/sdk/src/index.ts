export { type ClientOptions, createClient } from './client.ts'
export type * from './generated/wire.ts'
export type { Answer, CallOptions, Input, OperationId, Rest } from './operations.ts'
export { type Page, Pages } from './pages.ts'
export {
  type Behalf,
  createPlugin,
  type ExchangedToken,
  type OnBehalfOf,
  type PluginOptions,
} from './plugin.ts'
export { BehalfProblem, BehalfUnreachable, type Fault, isProblem } from './problem.ts'
export { TokenExchangeError } from './token-exchange-error.ts'
