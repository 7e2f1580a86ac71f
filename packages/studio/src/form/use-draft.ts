import { BehalfProblem, type Json } from '@behalf/sdk'
import { useBlocker } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { FORM } from '../text/form.ts'
import type { Editing } from './editing.tsx'
import { differences, type JsonObject, type Path, pointerOf, same, setAt } from './json.ts'

type Given = {
  readonly base: JsonObject
  readonly checkDraft: (draft: JsonObject) => readonly (readonly [pointer: string, reason: string])[]
  readonly notes?: ReadonlyMap<string, string>
  readonly readOnly?: boolean
}

/** What the broker has against a draft, and against which: its JSON. */
export type Verdict = { readonly of: string; readonly faults: readonly (readonly [pointer: string, reason: string])[] }
const NONE: Verdict['faults'] = []

/** A draft over what is stored: what changed, what is wrong, and what the broker said about it. */
export function useDraft({ base, checkDraft, notes = new Map(), readOnly = false }: Given) {
  const [draft, setDraft] = useState(base)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<{ readonly of: JsonObject; readonly error: BehalfProblem } | null>(null)
  const own = useMemo(() => checkDraft(draft), [checkDraft, draft])
  // What the broker refused counts until that draft is changed.
  const told = refused !== null && refused.of === draft ? refused.error.faults : []
  const [verdict, setJudged] = useState<Verdict>({ of: '', faults: [] })
  // A judgement of an earlier draft is none of this one.
  const judged = verdict.of === JSON.stringify(draft) ? verdict.faults : NONE
  const faults = useMemo(
    () => new Map([...judged, ...told.map(({ pointer, reason }) => [pointer, reason] as const), ...own]),
    [judged, told, own],
  )
  const changed = useMemo(() => differences(base, draft), [base, draft])
  const dirty = !same(base, draft)
  useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname && !window.confirm(FORM.leave),
    enableBeforeUnload: () => dirty,
  })
  const change = useCallback((path: Path, value: Json | undefined) => setDraft(now => setAt(now, path, value)), [])
  const touch = useCallback(
    (path: Path) => setTouched(now => (now.has(pointerOf(path)) ? now : new Set([...now, pointerOf(path)]))),
    [],
  )
  const editing: Editing = { draft, faults, notes, touched, readOnly, change, touch }
  return {
    editing,
    draft,
    setDraft,
    changed,
    dirty,
    faults,
    /** What the broker said while one typed. */
    setJudged,
    /** Shows every fault, not only those of fields that were left. */
    showAll: () => setTouched(new Set(['*'])),
    refuse: (error: unknown) => {
      if (error instanceof BehalfProblem && error.faults.length > 0) setRefused({ of: draft, error })
      setTouched(new Set(['*']))
    },
  }
}
