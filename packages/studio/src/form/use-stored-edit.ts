import { isProblem, type Json } from '@behalf/sdk'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTell } from '../parts/notices.tsx'
import { type JsonObject, mergePatch } from './json.ts'
import { useDraft } from './use-draft.ts'

type Patch = Record<string, Json>
type Versioned = { readonly version: number }

type Given<Stored extends Versioned> = {
  readonly stored: Stored
  /** What of it is edited. */
  readonly draftOf: (stored: Stored) => JsonObject
  readonly checkDraft: (draft: JsonObject) => readonly (readonly [pointer: string, reason: string])[]
  readonly notes?: ReadonlyMap<string, string>
  readonly readOnly?: boolean
  /** What is typed beside the draft and saved with it, such as secrets; nobody can bring that back. */
  readonly beside?: { readonly count: number; readonly join: (patch: Patch) => Patch; readonly drop: () => void }
  readonly update: (version: number, patch: Patch) => PromiseLike<Stored>
  readonly read: () => PromiseLike<Stored>
  /** Hears what is stored now. */
  readonly onStored: (now: Stored) => void
  readonly saved: (now: Stored) => string
}

const NOTHING = { count: 0, join: (patch: Patch) => patch, drop: () => undefined }

/** Edits one stored version of a thing: saves the changes, takes a save back, and holds both sides where somebody else saved meanwhile. */
export function useStoredEdit<Stored extends Versioned>(given: Given<Stored>) {
  const { draftOf, update, read, onStored, saved, beside = NOTHING } = given
  const tell = useTell()
  const [from, setFrom] = useState(given.stored)
  const [theirs, setTheirs] = useState<Stored | null>(null)
  const base = draftOf(from)
  const form = useDraft({ ...given, base })
  const { draft, setDraft, faults, showAll, refuse } = form
  const replace = (now: Stored) => {
    onStored(now)
    setFrom(now)
    setDraft(draftOf(now))
    beside.drop()
    setTheirs(null)
  }
  const saving = useMutation({
    mutationFn: async (patch: Patch) => update(from.version, patch),
    onError: async error => {
      if (!isProblem(error, 'version_conflict')) return refuse(error)
      setTheirs(await read())
    },
    onSuccess: now => {
      const undo = mergePatch(draftOf(now), base)
      const undoable = beside.count === 0
      replace(now)
      tell(saved(now), undoable ? async () => replace(await update(now.version, undo)) : undefined)
    },
  })
  return {
    ...form,
    from,
    base,
    replace,
    saving,
    theirs: theirs === null ? null : draftOf(theirs),
    /** Fields and what is typed beside them. */
    count: form.changed.length + beside.count,
    anything: form.dirty || beside.count > 0,
    save: () => {
      showAll()
      if (faults.size === 0 && theirs === null) saving.mutate(beside.join(mergePatch(base, draft)))
    },
    discard: () => {
      setDraft(base)
      beside.drop()
    },
    /** Goes on with a draft on top of what was saved meanwhile. */
    merge: (merged: JsonObject) => {
      if (theirs !== null) setFrom(theirs)
      setTheirs(null)
      setDraft(merged)
      saving.reset()
    },
  }
}

export type StoredEdit = Omit<ReturnType<typeof useStoredEdit<Versioned>>, 'from' | 'replace'>
