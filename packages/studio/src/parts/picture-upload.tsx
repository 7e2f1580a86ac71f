import { Button, FileButton, Group, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { PARTS } from '../text/parts.ts'
import { useTell } from './notices.tsx'
import { Problem } from './problem.tsx'

const WORDS = PARTS.picture
const MOST_BYTES = 65_536

type Upload = { readonly media_type: 'image/png' | 'image/svg+xml'; readonly data: string }

async function toUpload(file: File): Promise<Upload> {
  if (file.size > MOST_BYTES) throw new Error(WORDS.tooLarge)
  const bytes = Array.from(new Uint8Array(await file.arrayBuffer()), byte => String.fromCharCode(byte))
  return {
    media_type: file.type === 'image/svg+xml' ? 'image/svg+xml' : 'image/png',
    data: btoa(bytes.join('')),
  }
}

/** A picture that people see: as it is now, another one, or none. */
export function PictureUpload({
  title,
  help,
  shown,
  onAbsent,
  put,
  remove,
}: {
  readonly title: string
  readonly help: string
  /** Where it is now; null where there is none. */
  readonly shown: string | null
  /** Where there turned out to be none. */
  readonly onAbsent?: () => void
  readonly put: (upload: Upload) => PromiseLike<unknown>
  readonly remove: () => PromiseLike<unknown>
}) {
  const tell = useTell()
  const putting = useMutation({
    mutationFn: async (file: File) => put(await toUpload(file)),
    onSuccess: () => tell(WORDS.saved(title)),
  })
  const removing = useMutation({ mutationFn: async () => remove(), onSuccess: () => tell(WORDS.removed(title)) })
  return (
    <section>
      <Title order={2} mb={4}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {help} {WORDS.help}
      </Text>
      <Group>
        {shown && <img src={shown} alt={WORDS.alt(title)} width="40" height="40" className="icon" onError={onAbsent} />}
        <FileButton accept="image/png,image/svg+xml" onChange={file => file !== null && putting.mutate(file)}>
          {props => (
            <Button {...props} variant="default" disabled={putting.isPending}>
              {putting.isPending ? WORDS.saving : WORDS.choose}
            </Button>
          )}
        </FileButton>
        {shown !== null && (
          <Button variant="subtle" disabled={removing.isPending} onClick={() => removing.mutate()}>
            {WORDS.remove(title)}
          </Button>
        )}
      </Group>
      <Problem error={putting.error ?? removing.error} />
    </section>
  )
}
