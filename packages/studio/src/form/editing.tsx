import type { Json } from '@behalf/sdk'
import { createContext, useContext } from 'react'
import { getAt, type JsonObject, type Path, pointerOf } from './json.ts'

/** A form being edited: one JSON object, its faults by JSON pointer, and which fields were left once. */
export type Editing = {
  readonly draft: JsonObject
  readonly faults: ReadonlyMap<string, string>
  readonly notes: ReadonlyMap<string, string>
  readonly touched: ReadonlySet<string>
  readonly readOnly: boolean
  readonly change: (path: Path, value: Json | undefined) => void
  readonly touch: (path: Path) => void
}

const Context = createContext<Editing | null>(null)
export const EditingProvider = Context.Provider

export function useEditing(): Editing {
  const editing = useContext(Context)
  if (editing === null) throw new Error('a field stands outside a form')
  return editing
}

/** One field of the form that is being edited. */
export function useField(path: Path) {
  const { draft, faults, notes, touched, readOnly, change, touch } = useEditing()
  const pointer = pointerOf(path)
  const value = getAt(draft, path)
  // What is typed is judged at once; what is still empty only after one has been there.
  const judged = touched.has(pointer) || touched.has('*') || (value !== undefined && value !== '')
  return {
    value,
    fault: judged ? faults.get(pointer) : undefined,
    note: notes.get(pointer),
    readOnly,
    change: (value: Json | undefined) => change(path, value),
    touch: () => touch(path),
  }
}
