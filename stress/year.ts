import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Experiment, Row } from './experiment.ts'
import type { SimulationResult } from './year/run.ts'

/**
 * Simulates a year of many connections: no budget of Zoho is exceeded, and callers get no avoidable
 * errors. Eight clients run in one process on one memory store. They and the emulators share one
 * simulated clock.
 */
export const year: Experiment = {
  name: 'year',
  async run({ short }) {
    const result = await (short ? simulate(50, 7) : simulate(1_000, 365))
    return rowsOf(result, short)
  },
}

const run = fileURLToPath(new URL('year/run.ts', import.meta.url))

const simulate = async (connections: number, days: number): Promise<SimulationResult> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@zrecruit/source',
    '--disable-warning=ExperimentalWarning',
    run,
    `${connections}`,
    `${days}`,
    '1',
  ])
  return JSON.parse(stdout) as SimulationResult
}

const rowsOf = (result: SimulationResult, short: boolean): Row[] => {
  const { connections, days, refused, errors, crashed } = result
  const experiment = 'year'
  const refusals = sum(refused)
  const errorCount = sum(errors) + crashed.length
  return [
    {
      experiment,
      what: `${connections} connections x ${days} days x 8 processes`,
      figures: {
        'token calls': result.tokenCalls,
        'access tokens': result.accessTokens,
        consents: result.consents,
        'API calls': result.apiCalls,
        'exceeded budgets and evictions': listCounts(refused, refusals),
      },
      target: 'exceeded budgets and evictions 0',
      ok: refusals === 0 && result.tokenCalls > connections,
    },
    {
      experiment,
      what: 'callers',
      figures: {
        served: result.served,
        errors: listCounts(errors, errorCount),
        'expected errors during a fault': result.expectedErrors,
        'refused after a revocation': result.afterRevocation,
        'seconds it took': result.seconds,
      },
      target: 'errors 0',
      ok: errorCount === 0 && result.served > connections,
    },
    {
      experiment,
      what: 'incidents',
      figures: {
        deployments: result.replaced / 8,
        'processes killed': result.deaths,
        'responses lost': result.responsesLost,
        '401s': result.deadTokens,
        'revoked by users': result.revokedByUsers,
        'reported revocations': result.reportedRevocations,
        'consents that waited for codes': result.waitedForCodes,
      },
      target: 'each revocation reported at most once',
      // In one simulated week there may be no killed process.
      ok:
        result.reportedRevocations <= result.revokedByUsers &&
        Math.min(
          short ? 1 : result.deaths,
          result.responsesLost,
          result.deadTokens,
          result.revokedByUsers,
          result.waitedForCodes,
        ) > 0,
    },
  ]
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

/** The counts by name as text, or 0. */
const listCounts = (counts: Readonly<Record<string, number>>, total: number): string | number =>
  total === 0
    ? 0
    : Object.entries(counts)
        .map(([word, count]) => `${word} ${count}`)
        .join('; ')
