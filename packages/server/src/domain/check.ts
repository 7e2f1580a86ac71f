import type { CHECKS } from '@behalf/contract'

export type CheckName = (typeof CHECKS)[number]

/** One finding of the doctor. */
export type CheckResult = {
  readonly check: CheckName
  readonly subject: string
  readonly outcome: 'passed' | 'failed' | 'warning' | 'skipped'
  /** Secrets by name. */
  readonly sent: string | null
  readonly answered: string | null
  readonly advice: string | null
}

/** Findings of one check, in few words. */
export const findingsOf = (check: CheckName) => {
  const finding =
    (outcome: CheckResult['outcome']) =>
    (subject: string, told: Partial<Pick<CheckResult, 'sent' | 'answered' | 'advice'>> = {}): CheckResult => ({
      check,
      subject,
      outcome,
      sent: told.sent ?? null,
      answered: told.answered ?? null,
      advice: told.advice ?? null,
    })
  return {
    passed: finding('passed'),
    failed: finding('failed'),
    warning: finding('warning'),
    skipped: finding('skipped'),
  }
}

/** The provider's error in one line (RFC 6749 5.2). */
export const inWords = ({
  error,
  description,
}: {
  readonly error: string
  readonly description: string | null
}): string => (description === null ? error : `${error}: ${description}`)
