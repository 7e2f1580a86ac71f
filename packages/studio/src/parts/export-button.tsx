import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTell } from './notices.tsx'
import { Problem } from './problem.tsx'

type Props = {
  readonly name: string
  readonly label: string
  readonly busy: string
  readonly done: (lines: number) => string
  readonly read: (signal: AbortSignal) => Promise<Response>
}

/** Saves a streamed answer as a file; leaving the page ends it. */
export function ExportButton({ name, label, busy, done, read }: Props) {
  const tell = useTell()
  const stop = useRef<AbortController>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const save = useMutation({
    mutationFn: async () => {
      stop.current = new AbortController()
      const text = await (await read(stop.current.signal)).text()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text]))
      link.download = name
      link.click()
      URL.revokeObjectURL(link.href)
      return text.split('\n').filter(Boolean).length
    },
    onSuccess: lines => tell(done(lines)),
  })
  return (
    <>
      {save.error !== null && <Problem error={save.error} />}
      <Button variant="default" disabled={save.isPending} onClick={() => save.mutate()}>
        {save.isPending ? busy : label}
      </Button>
    </>
  )
}
