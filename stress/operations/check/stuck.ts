import type { History } from '../history.ts'
import { createVerdict, type Verdict } from './verdict.ts'

const expectedOutcomes = {
  consent: 'ok',
  fetch: 'ok',
  refresh: 'ok',
  revoke: 'ok',
  status: 'revoked',
} as const

/** Rule 3: nothing is pending at rest, and every connection can be used. */
export const checkStuck = ({ final }: History): Verdict => {
  const { judge, verdict } = createVerdict(3)
  for (const failure of final.failures) judge({ text: failure, at: final.at, operations: [] })
  for (const id of final.pending)
    judge({ text: `The row ${id} is still pending.`, at: final.at, operations: [] })
  for (const { connection, afterwards } of final.connections) {
    const wrong = Object.entries(expectedOutcomes).filter(
      ([name, outcome]) => afterwards[name as keyof typeof expectedOutcomes] !== outcome,
    )
    const outcomes = wrong
      .map(([name]) => `${name} gives ${afterwards[name as keyof typeof expectedOutcomes]}`)
      .join(', ')
    const text = `${connection} at rest cannot be used: ${outcomes}.`
    judge(wrong.length === 0 ? undefined : { text, at: final.at, connection, operations: [] })
  }
  return verdict()
}
