import { BootError } from '@behalf/server/config'

export type Shape = { readonly flags: readonly string[]; readonly options: readonly string[]; readonly words: number }
export type Arguments = {
  readonly flags: ReadonlySet<string>
  readonly words: readonly string[]
  option(name: string): string
  optional(name: string): string | undefined
}

/** Reads a command's arguments: `--name VALUE` or `--name=VALUE`, flags, and plain words. Throws `BootError`. */
export function parse(args: readonly string[], shape: Shape): Arguments {
  const flags = new Set<string>()
  const options = new Map<string, string>()
  const words: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const part = args[index] ?? ''
    const [, name, , inline] = /^--([a-z-]+)(=(.*))?$/s.exec(part) ?? []
    if (name === undefined) words.push(part)
    else if (shape.flags.includes(name) && inline === undefined) flags.add(name)
    else if (shape.options.includes(name)) {
      const value = inline ?? args[++index]
      if (value === undefined || value === '') throw new BootError(`--${name} needs a value`)
      options.set(name, value)
    } else throw new BootError(`--${name} is not known here; see behalf --help`)
  }
  if (words.length !== shape.words)
    throw new BootError(
      `expected ${shape.words} argument${shape.words === 1 ? '' : 's'}, got ${words.length}; see behalf --help`,
    )
  return {
    flags,
    words,
    option(name) {
      const value = options.get(name)
      if (value === undefined) throw new BootError(`--${name} is missing`)
      return value
    },
    optional: name => options.get(name),
  }
}
