import { Button, CloseButton, Group, Paper, Text } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { PARTS } from '../text/parts.ts'

type Notice = { readonly id: number; readonly text: string; readonly undo?: (() => Promise<unknown>) | undefined }
type Tell = (text: string, undo?: () => Promise<unknown>) => void

const Context = createContext<Tell>(() => undefined)
const STAYS_MS = 8_000
const STAYS_WITH_UNDO_MS = 20_000
let last = 0

/** Says that something is done, and takes it back where that can be. */
export const useTell = (): Tell => useContext(Context)

export function Notices({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const drop = useCallback((id: number) => setNotices(all => all.filter(notice => notice.id !== id)), [])
  const tell = useCallback<Tell>(
    (text, undo) => {
      last += 1
      const id = last
      setNotices(all => [...all.slice(-2), { id, text, undo }])
      setTimeout(() => drop(id), undo === undefined ? STAYS_MS : STAYS_WITH_UNDO_MS)
    },
    [drop],
  )
  const undo = async (notice: Notice) => {
    drop(notice.id)
    try {
      await notice.undo?.()
      tell(PARTS.undone)
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Context value={useMemo(() => tell, [tell])}>
      {children}
      <section className="notices" role="status" aria-live="polite" aria-label={PARTS.notices}>
        {notices.map(notice => (
          <Paper key={notice.id} withBorder shadow="md" p="sm" className="card">
            <Group gap="sm" wrap="nowrap">
              <Text size="sm" flex={1}>
                {notice.text}
              </Text>
              {notice.undo && (
                <Button size="compact-sm" variant="light" onClick={() => void undo(notice)}>
                  {PARTS.undo}
                </Button>
              )}
              <CloseButton size="sm" aria-label={PARTS.dismiss} onClick={() => drop(notice.id)} />
            </Group>
          </Paper>
        ))}
      </section>
    </Context>
  )
}
