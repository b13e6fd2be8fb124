import type { Violation } from './check/verdict.ts'
import type { Driven } from './drive.ts'
import type { History, Operation } from './history.ts'

const aroundMs = 12_000
const mostLines = 40

/** A violation with what happened to its connection before it, for people. */
export const explain = ({ text, at, connection, operations }: Violation, history: History, notes: Driven['notes']): string => {
  const numbers = new Set(operations)
  const lines = [
    ...history.operations.filter((one) => numbers.has(one.number) || (one.connection === connection && Math.abs(one.end - at) < aroundMs)).map((one) => ({ at: one.begin, text: describe(one) })),
    ...history.requests
      .filter((one) => one.connection === connection && Math.abs(one.sentAt - at) < aroundMs)
      .map((one) => ({ at: one.sentAt, text: `token request of #${one.operation} (${one.grant} ${one.refreshToken ?? ''}): ${one.answer ?? 'no answer'} ${one.issued?.refreshToken ?? ''} ${one.issued?.accessToken ?? ''}` })),
    ...notes.filter((one) => Math.abs(one.at - at) < aroundMs),
  ].toSorted((one, other) => one.at - other.at)
  const shown = lines.slice(-mostLines).map((line) => `      ${((line.at - at) / 1_000).toFixed(3).padStart(9)} s  ${line.text}`)
  return [`  ${text}`, ...shown].join('\n')
}

const describe = ({ number, verb, process, begin, end, outcome, accessToken, stoppedMs }: Operation): string => {
  const took = `${Math.round(end - begin)} ms${stoppedMs > 0 ? `, stopped for ${Math.round(stoppedMs)}` : ''}`
  return `#${number} ${verb}() in ${process}: ${outcome}${accessToken === undefined ? '' : ` ${accessToken}`} (${took})`
}
