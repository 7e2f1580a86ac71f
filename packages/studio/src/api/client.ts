import { type BehalfProblem, type BehalfUnreachable, createClient, isProblem } from '@behalf/sdk'
import { QueryClient } from '@tanstack/react-query'

type Listener = () => void
const listeners = new Set<Listener>()

/** Hears when a request was refused because the session has ended; returns what stops the hearing. */
export function onSessionEnded(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const tell = (problem: BehalfProblem | BehalfUnreachable): void => {
  if (isProblem(problem, 'session_expired', 'unauthenticated')) for (const listener of listeners) listener()
}

/** Everything the studio asks of the broker goes through here, with the browser's own session. */
export const behalf = createClient({ url: window.location.origin, onProblem: tell })

export const queryClient = new QueryClient({
  // The SDK has tried again already where that was right.
  defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
})
