import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Experiment, Row } from './experiment.ts'
import type { Lived } from './year/run.ts'

/**
 * A simulated year of many connections: no budget of Zoho's is tripped, and no caller meets an
 * error that it need not. Eight clients in one process, on one store in memory, on one simulated
 * clock with the emulators: what would be eight processes on a real store for a year can't be
 * waited for.
 */
export const year: Experiment = {
  name: 'year',
  async prove({ short }) {
    return rowsOf(await (short ? live(50, 7) : live(1_000, 365)), short)
  },
}

const run = fileURLToPath(new URL('year/run.ts', import.meta.url))

const live = async (connections: number, days: number): Promise<Lived> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@zrecruit/source',
    '--disable-warning=ExperimentalWarning',
    run,
    `${connections}`,
    `${days}`,
    '1',
  ])
  return JSON.parse(stdout) as Lived
}

const rowsOf = (lived: Lived, short: boolean): Row[] => {
  const { connections, days, refused, errors, broken } = lived
  const part = 'year'
  const tripped = sum(refused)
  const met = sum(errors) + broken.length
  return [
    {
      part,
      what: `${connections} connections x ${days} days x 8 processes`,
      figures: {
        'token calls': lived.tokenCalls,
        'access tokens': lived.accessTokens,
        consents: lived.consents,
        'API calls': lived.apiCalls,
        'tripped budgets and evictions': words(refused, tripped),
      },
      target: 'tripped budgets and evictions 0',
      ok: tripped === 0 && lived.tokenCalls > connections,
    },
    {
      part,
      what: 'callers',
      figures: {
        served: lived.served,
        errors: words(errors, met),
        'told to wait in a bad hour': lived.toldToWait,
        'refused after a revocation': lived.afterRevocation,
        'seconds it took': lived.seconds,
      },
      target: 'errors 0',
      ok: met === 0 && lived.served > connections,
    },
    {
      part,
      what: 'mishaps that it went through',
      figures: {
        deployments: lived.restarts / 8,
        'processes killed': lived.deaths,
        'answers lost': lived.answersLost,
        '401s': lived.deadTokens,
        'taken back by users': lived.takenBack,
        'told so': lived.toldSo,
        'consents that waited for codes': lived.waitedForCodes,
      },
      target: 'told so at most once each',
      // In one week it can be that nobody dies.
      ok:
        lived.toldSo <= lived.takenBack &&
        Math.min(
          short ? 1 : lived.deaths,
          lived.answersLost,
          lived.deadTokens,
          lived.takenBack,
          lived.waitedForCodes,
        ) > 0,
    },
  ]
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, one) => total + one, 0)

const words = (counts: Readonly<Record<string, number>>, total: number): string | number =>
  total === 0
    ? 0
    : Object.entries(counts)
        .map(([word, count]) => `${word} ${count}`)
        .join('; ')
