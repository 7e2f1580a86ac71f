import type { Json } from '@behalf/sdk'
import { Alert, Button, Radio, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { SmallTable } from '../parts/small-table.tsx'
import { FORM } from '../text/form.ts'
import { clashes, differences, type JsonObject, setAt } from './json.ts'
import { labelOf } from './schema-field.tsx'

const words = (value: Json | undefined): string =>
  value === undefined || value === null
    ? FORM.conflict.nothing
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

type Props = {
  readonly base: JsonObject
  readonly mine: JsonObject
  readonly theirs: JsonObject
  /** The draft to go on with, on top of what was saved meanwhile. */
  readonly onMerged: (draft: JsonObject) => void
}

/** Two people saved the same thing: what the other changed, what both changed, and a choice for each of those. */
export function Conflict({ base, mine, theirs, onMerged }: Props) {
  const both = clashes(base, mine, theirs)
  const others = differences(base, theirs).filter(
    ({ path }) => !both.some(clash => clash.path.join('/') === path.join('/')),
  )
  const rows = [
    ...both.map(each => ({ ...each, isClash: true })),
    ...others.map(each => ({ ...each, isClash: false })),
  ].map(each => ({ ...each, id: each.path.join('/'), name: each.path.map(labelOf).join(' › ') }))
  const [choices, setChoices] = useState<Readonly<Record<string, 'mine' | 'theirs'>>>({})
  const alert = useRef<HTMLDivElement>(null)
  // One saves at the end of a long form, and this stands at its beginning.
  useEffect(() => {
    alert.current?.scrollIntoView({ block: 'center' })
  }, [])
  const apply = () => {
    let draft = mine
    for (const { path, to } of others) draft = setAt(draft, path, to)
    for (const { path, to } of both) if (choices[path.join('/')] === 'theirs') draft = setAt(draft, path, to)
    onMerged(draft)
  }
  return (
    <Alert ref={alert} color="warn" title={FORM.conflict.title} role="alert">
      <Stack gap="sm">
        <Text size="sm">{FORM.conflict.text}</Text>
        <SmallTable
          rows={rows}
          columns={[
            { title: FORM.conflict.field, cell: ({ name }) => name },
            { title: FORM.conflict.theirs, cell: ({ to }) => words(to) },
            {
              title: FORM.conflict.mine,
              cell: ({ id, name, from, isClash }) =>
                isClash ? (
                  <>
                    {words(from)}
                    <Radio.Group
                      mt={4}
                      aria-label={FORM.conflict.choice(name)}
                      value={choices[id] ?? 'mine'}
                      onChange={value => setChoices({ ...choices, [id]: value === 'theirs' ? 'theirs' : 'mine' })}
                    >
                      <Radio value="mine" label={FORM.conflict.keepMine} />
                      <Radio mt="xs" value="theirs" label={FORM.conflict.takeTheirs} />
                    </Radio.Group>
                  </>
                ) : (
                  FORM.conflict.merged
                ),
            },
          ]}
        />
        <Button onClick={apply} style={{ alignSelf: 'flex-start' }}>
          {FORM.conflict.apply}
        </Button>
      </Stack>
    </Alert>
  )
}
