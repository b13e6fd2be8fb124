import type { Violation } from './check/verdict.ts'
import type { Driven } from './drive.ts'
import type { History, Operation, TokenRequest } from './history.ts'

const aroundMs = 8_000
const maxLines = 60

/** A violation as text, with the events around it. */
export const explain = (
  { text, at, connection, operations }: Violation,
  history: History,
  notes: Driven['notes'],
): string => {
  const involved = history.operations.filter(({ number }) => operations.includes(number))
  const moments = [at, ...involved.flatMap(({ begin, end }) => [begin, end])]
  const isNear = (instant: number) =>
    moments.some((moment) => Math.abs(moment - instant) < aroundMs)
  const ofConnection = <T extends { readonly connection?: string }>(
    all: readonly T[],
  ): readonly T[] => all.filter((item) => item.connection === connection)
  const lines = [
    ...ofConnection(history.operations).map((one) => ({ at: one.begin, text: describe(one) })),
    ...ofConnection(history.requests).map((one) => ({
      at: one.sentAt,
      text: describeRequest(one),
    })),
    ...notes,
  ]
    .filter((line) => isNear(line.at))
    .toSorted((one, other) => one.at - other.at)
  const shown = lines
    .slice(-maxLines)
    .map((line) => `      ${((line.at - at) / 1_000).toFixed(3).padStart(9)} s  ${line.text}`)
  return [`  ${text}`, ...shown].join('\n')
}

const describeRequest = ({
  operation,
  grant,
  refreshToken,
  response,
  issued,
}: TokenRequest): string => {
  const tokens = [
    issued?.refreshToken && `refresh token ${issued.refreshToken}`,
    issued && `access token ${issued.accessToken}`,
  ]
  const sent = refreshToken === undefined ? grant : `${grant} ${refreshToken}`
  const received = [response ?? 'no response', ...tokens].filter(Boolean).join(', ')
  return `#${operation} token request, ${sent}: ${received}`
}

const describe = ({
  number,
  verb,
  process,
  begin,
  end,
  outcome,
  accessToken,
  stoppedMs,
}: Operation): string => {
  const stopped = stoppedMs > 0 ? `, stopped for ${Math.round(stoppedMs)} ms` : ''
  const token = accessToken === undefined ? '' : ` ${accessToken}`
  const took = `${Math.round(end - begin)} ms${stopped}`
  return `#${number} ${verb}() in ${process}: ${outcome}${token} (${took})`
}
