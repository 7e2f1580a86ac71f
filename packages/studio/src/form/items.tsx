import type { Json } from '@behalf/sdk'
import { Button, Fieldset, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useField } from './editing.tsx'
import type { JsonObject, Path } from './json.ts'

type Props = {
  readonly path: Path
  readonly empty: string
  readonly add: string
  readonly remove: (title: string) => string
  readonly titleOf: (item: JsonObject, index: number) => string
  readonly fresh: () => JsonObject
  readonly children: (path: Path, item: JsonObject) => ReactNode
}

/** A list of objects, each with its own fields; one more at the end, or one less. */
export function Items({ path, empty, add, remove, titleOf, fresh, children }: Props) {
  const field = useField(path)
  const items = (Array.isArray(field.value) ? field.value : []) as readonly JsonObject[]
  const put = (next: readonly Json[]) => field.change(next)
  return (
    <Stack gap="md">
      {items.length === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      {items.map((item, index) => {
        const title = titleOf(item, index)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
          <Fieldset key={index} legend={title}>
            <Stack gap="md">
              {children([...path, String(index)], item)}
              {!field.readOnly && (
                <Group>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    onClick={() => put(items.filter((_, other) => other !== index))}
                  >
                    {remove(title)}
                  </Button>
                </Group>
              )}
            </Stack>
          </Fieldset>
        )
      })}
      {field.fault && (
        <Text size="sm" c="var(--studio-bad)">
          {field.fault}
        </Text>
      )}
      {!field.readOnly && (
        <Group>
          <Button variant="default" onClick={() => put([...items, fresh()])}>
            {add}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
