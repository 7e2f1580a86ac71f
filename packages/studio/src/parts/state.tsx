import type { ReactNode } from 'react'

/** A state in words, with a shape and a colour that say the same. */
export function State({
  tone,
  children,
}: {
  readonly tone: 'good' | 'warn' | 'bad' | 'plain'
  readonly children: ReactNode
}) {
  return (
    <span className={`state ${tone}`}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  )
}
