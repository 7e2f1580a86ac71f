/** Chance that a failure can be replayed from: `FAULT_SEED`, or a new one each time. */
export type Seed = {
  readonly value: number
  /** In [0, 1). */
  random(): number
  /** A whole number in [0, below). */
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** Mulberry32: small, fast, and the same everywhere. */
export function createSeed(value = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))): Seed {
  let state = value >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(random() * limit)
  return {
    value,
    random,
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
  }
}

/** Whether the long forms of the cases are wanted (`--long`). */
export const LONG = process.env['FAULT_LONG'] === '1'

/** How long a case allows: what it says in its long form, and six times that in `npm test`, on whatever machine and beside whatever else. */
export const within = (ms: number): number => (LONG ? ms : 6 * ms)

/** How often: a few times in `npm test`, and as often as the case says in its long form, unless `FAULT_ROUNDS` bounds that. */
export const rounds = (short: number, long: number): number =>
  LONG ? Math.min(long, Number(process.env['FAULT_ROUNDS'] ?? long)) : short
