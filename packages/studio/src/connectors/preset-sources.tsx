import type { Preset } from '@behalf/sdk'
import { Accordion, Anchor, List, Text } from '@mantine/core'
import { State } from '../parts/state.tsx'
import { CATALOGUE as WORDS } from '../text/catalogue.ts'

const TONES: Readonly<Record<string, 'good' | 'plain' | 'warn'>> = {
  verified: 'good',
  reported: 'plain',
  unchecked: 'warn',
}
const isUrl = (text: string) => text.startsWith('https://')

/** How far each part of a preset can be trusted, and where it was read. */
export function PresetSources({ preset }: { readonly preset: Preset }) {
  const blocks = Object.entries(preset.blocks) as [string, NonNullable<Preset['blocks'][keyof Preset['blocks']]>][]
  return (
    <Accordion variant="contained" order={2}>
      <Accordion.Item value="sources">
        <Accordion.Control>{WORDS.sources}</Accordion.Control>
        <Accordion.Panel>
          <List spacing="sm" size="sm">
            {blocks.map(([name, { grade, sources, note }]) => (
              <List.Item key={name}>
                {WORDS.blocks[name] ?? name}: <State tone={TONES[grade] ?? 'plain'}>{WORDS.grades[grade]}</State>{' '}
                <span className="dim">({WORDS.gradesHelp[grade]})</span>
                {note && <Text size="sm">{note}</Text>}
                {sources.map(({ at, read_on: day }) => (
                  <span key={at} className="source">
                    {isUrl(at) ? (
                      <Anchor href={at} rel="noopener noreferrer" target="_blank" size="sm">
                        {at}
                      </Anchor>
                    ) : (
                      <code>{at}</code>
                    )}
                    {day && ` ${WORDS.read(day)}`}
                  </span>
                ))}
              </List.Item>
            ))}
          </List>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
