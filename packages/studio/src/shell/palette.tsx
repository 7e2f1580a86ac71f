import { Text, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SHELL } from '../text/shell.ts'
import { PLACES } from './places.ts'

type Choice = { readonly id: string; readonly label: string; readonly kind: string; readonly run: () => void }
const MOST = 50
const WORDS = SHELL.palette

type Props = {
  readonly opened: boolean
  readonly onOpen: () => void
  readonly onClose: () => void
  readonly onTheme: () => void
}

/** Ctrl K: every page, connector, plugin and action by a few letters of its name. */
export function Palette(props: Props) {
  useHotkeys([['mod+K', props.onOpen]], [])
  return (
    props.opened && (
      <Dialog title={WORDS.label} titleUnseen onClose={props.onClose} size="lg">
        <Search {...props} />
      </Dialog>
    )
  )
}

function Search({ onClose, onTheme }: Props) {
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const { choices, isReading } = useChoices(onTheme)
  const found = useMemo(() => rank(choices, typed).slice(0, MOST), [choices, typed])
  const chosen = Math.min(at, found.length - 1)
  const run = (choice: Choice | undefined) => {
    if (choice === undefined) return
    onClose()
    choice.run()
  }
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label={WORDS.label}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[chosen] === undefined ? undefined : `palette-${chosen}`}
        placeholder={WORDS.placeholder}
        value={typed}
        onChange={event => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, found.length - 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0))
          else if (event.key === 'Enter') run(found[chosen])
          else return
          event.preventDefault()
        }}
      />
      <div id="palette-list" className="palette-list" role="listbox" aria-label={WORDS.label}>
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above holds the focus and its keys choose here
          <div
            key={choice.id}
            id={`palette-${index}`}
            role="option"
            className="option"
            aria-selected={index === chosen}
            onClick={() => run(choice)}
            onMouseMove={() => setAt(index)}
          >
            <span className="one-line">{choice.label}</span>
            <small>{choice.kind}</small>
          </div>
        ))}
      </div>
      <Text size="sm" c="dimmed" mt="xs" role="status">
        {isReading ? WORDS.reading : found.length === 0 ? WORDS.nothing(typed) : WORDS.hint}
      </Text>
    </>
  )
}

function useChoices(onTheme: () => void): { choices: readonly Choice[]; isReading: boolean } {
  const { can } = useMe()
  const navigate = useNavigate()
  const builds = can('connector.read')
  const connectors = useQuery({ ...wholeList('listConnectors', {}), enabled: builds })
  const plugins = useQuery({ ...wholeList('listPlugins', {}), enabled: can('plugin.read') })
  const go = (to: string) => () => void navigate({ to })
  const choices: Choice[] = [
    ...PLACES.filter(({ needs }) => needs.some(can)).map(({ to, label }) => ({
      id: to,
      label,
      kind: WORDS.pages,
      run: go(to),
    })),
    ...(can('connector.edit')
      ? [{ id: 'new-connector', label: WORDS.newConnector, kind: WORDS.actions, run: go('/connectors/new') }]
      : []),
    ...(can('plugin.edit')
      ? [{ id: 'new-plugin', label: WORDS.newPlugin, kind: WORDS.actions, run: go('/plugins/new') }]
      : []),
    { id: 'theme', label: WORDS.switchTheme, kind: WORDS.actions, run: onTheme },
    ...(connectors.data ?? []).map(({ name, display_name }) => ({
      id: `connector/${name}`,
      label: display_name === name ? name : `${display_name} (${name})`,
      kind: WORDS.connectors,
      run: go(`/connectors/${name}`),
    })),
    ...(plugins.data ?? []).map(({ name, display_name }) => ({
      id: `plugin/${name}`,
      label: display_name === name ? name : `${display_name} (${name})`,
      kind: WORDS.plugins,
      run: go(`/plugins/${name}`),
    })),
  ]
  return { choices, isReading: builds && (connectors.isPending || plugins.isPending) }
}

/** Those that hold the words, the ones that begin with them first. */
function rank(choices: readonly Choice[], typed: string): readonly Choice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fitting = choices.filter(({ label }) => words.every(word => label.toLowerCase().includes(word)))
  const begins = ({ label }: Choice) => (label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1)
  return words.length === 0 ? fitting : fitting.toSorted((a, b) => begins(a) - begins(b))
}
