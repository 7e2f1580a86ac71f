/** Why the broker cannot start or a command cannot run: one clear line for the operator, never holding a secret. */
export class BootError extends Error {
  override readonly name = 'BootError'
}
