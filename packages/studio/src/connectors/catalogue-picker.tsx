import type { PresetSummary } from '@behalf/sdk'
import { SimpleGrid, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { wholeList } from '../api/queries.ts'
import { Initial } from '../parts/initial.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { CATALOGUE as WORDS } from '../text/catalogue.ts'
import { PARTS } from '../text/parts.ts'

/** Providers that are known, by name and icon; and the way to make a connector by hand. */
export function CataloguePicker() {
  const query = useQuery({ ...wholeList('listPresets', {}), staleTime: Number.POSITIVE_INFINITY })
  const [{ q = '' }, change] = useFilters()
  const shown = useDeferredValue(q)
  return (
    <>
      <TextInput
        type="search"
        aria-label={WORDS.search}
        placeholder={WORDS.search}
        value={q}
        onChange={event => change({ q: event.currentTarget.value || undefined })}
        w="min(30rem, 100%)"
        mb="md"
        autoFocus
      />
      <Loaded query={query} what={WORDS.what}>
        {presets => <Choices presets={rank(presets, shown)} q={shown} />}
      </Loaded>
    </>
  )
}

/** Those that hold the words; what begins with them and what is complete comes first. */
function rank(presets: readonly PresetSummary[], q: string): readonly PresetSummary[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = presets.filter(({ name, display_name }) =>
    words.every(word => name.includes(word) || display_name.toLowerCase().includes(word)),
  )
  const weight = ({ name, complete }: PresetSummary) =>
    (words[0] !== undefined && name.startsWith(words[0]) ? 0 : 2) + (complete ? 0 : 1)
  return fits.toSorted((a, b) => weight(a) - weight(b) || a.display_name.localeCompare(b.display_name))
}

function Choices({ presets, q }: { readonly presets: readonly PresetSummary[]; readonly q: string }) {
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm" role="status">
        {presets.length === 0 ? `${WORDS.none(q)} ${WORDS.noneText}` : PARTS.count(presets.length, false, WORDS.count)}
      </Text>
      <SimpleGrid component="ul" cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm" className="choices">
        <li>
          <Link to="/connectors/new" search={{ preset: 'by-hand' } as never} className="choice card">
            <Initial name="+" />
            <span className="cell-text">
              <b className="one-line">{WORDS.byHand}</b>
              <small className="dim">{WORDS.byHandText}</small>
            </span>
          </Link>
        </li>
        {presets.map(({ name, display_name, icon_url, complete }) => (
          <li key={name}>
            <Link to="/connectors/new" search={{ preset: name } as never} className="choice card">
              <Initial name={display_name} icon={icon_url} />
              <span className="cell-text">
                <b className="one-line">{display_name}</b>
                <small className="dim">{complete ? WORDS.complete : WORDS.partial}</small>
              </span>
            </Link>
          </li>
        ))}
      </SimpleGrid>
    </>
  )
}
