/** What is known at once where it is under a lease, and otherwise later: on a hot path a promise costs more than the look-up. */
export type NowOrLater<Value> = Value | Promise<Value>

/** Goes on with a value, at once where it is known; what `next` throws is then thrown at once as well. */
export function whenKnown<Value, Next>(
  value: NowOrLater<Value>,
  next: (value: Value) => NowOrLater<Next>,
): NowOrLater<Next> {
  return value instanceof Promise ? value.then(next) : next(value)
}
