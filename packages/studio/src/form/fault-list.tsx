import { Text } from '@mantine/core'
import { FORM } from '../text/form.ts'
import { labelOf } from './schema-field.tsx'

/** What still keeps a form from being saved, each a way to its field. */
export function FaultList({
  faults,
  shown,
}: {
  readonly faults: ReadonlyMap<string, string>
  readonly shown: boolean
}) {
  if (!shown || faults.size === 0) return null
  const go = (pointer: string) => {
    const field = document.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(pointer.slice(1))}"]`)
    field?.scrollIntoView({ block: 'center' })
    field?.focus()
  }
  return (
    <div role="alert">
      <Text size="sm" c="var(--studio-bad)">
        {FORM.faulty(faults.size)}:{' '}
        {[...faults].map(([pointer, reason], index) => (
          <span key={pointer}>
            {index > 0 && ' · '}
            <button type="button" className="as-text" onClick={() => go(pointer)}>
              {pointer.slice(1).split('/').map(labelOf).join(' › ') || FORM.form}
            </button>{' '}
            {reason}
          </span>
        ))}
      </Text>
    </div>
  )
}
