import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf, type StoreTestContext } from '../case.ts'
import { createRecord, put } from './record.ts'

const patienceMs = 3_000

/** What each command answers, or the error that it rejects with, once the store was stopped. */
const afterStop = async ({ store, stop }: StoreTestContext) => {
  const record = await put(store, 'acme', { principal: 'planted principal' })
  await stop()
  const planted = createRecord({ principal: 'planted principal', envelope: 'planted envelope' })
  const commands: Readonly<Record<string, () => Promise<unknown>>> = {
    read: () => store.read('acme'),
    write: () => store.write('acme', planted, 'absent'),
    list: () => store.list({ limit: 9 }),
  }
  const outcomes: { name: string; value?: unknown; error?: unknown }[] = []
  for (const [name, command] of Object.entries(commands)) {
    const settled = Promise.resolve()
      .then(command)
      .then(
        (value): { value: unknown } | { error: unknown } => ({ value }),
        (error: unknown) => ({ error }),
      )
    const outcome = await Promise.race([settled, pause(patienceMs, undefined, { ref: false })])
    holds(outcome, `${name} answers or rejects within ${patienceMs} ms`)
    outcomes.push({ name, ...outcome })
  }
  return { record, outcomes }
}

/**
 * When the store is closed, or its server gone. A store that cannot be (in memory) answers as
 * before.
 */
export const stopped = storeCasesOf({
  'stopped-rejects': [
    'a store that is closed or gone rejects, with store-unavailable, and does not pretend',
    'a connection from being taken for forgotten because a server was down',
    async (stage) => {
      const { record, outcomes } = await afterStop(stage)
      const truth: Readonly<Record<string, unknown>> = {
        read: record,
        write: false,
        list: ['acme'],
      }
      for (const { name, value, error } of outcomes) {
        if (error !== undefined)
          equal(
            isRecruitOAuthError(error) ? error.code : error,
            'store-unavailable',
            `the error of ${name}`,
          )
        else {
          const { record: read, written } = value as { record?: unknown; written?: boolean }
          equal(
            Array.isArray(value) ? value.map((row: { id: string }) => row.id) : (written ?? read),
            truth[name],
            `what ${name} answers for a store that was stopped`,
          )
        }
      }
    },
  ],
  'errors-quote-nothing': [
    'an error quotes nothing of a record, a statement or a password: it has no cause, and ' +
      'its text is ours',
    'sealed tokens and passwords of databases from logs',
    async (stage) => {
      for (const { name, error } of (await afterStop(stage)).outcomes) {
        if (error === undefined) continue
        const all = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
        equal(
          /planted (principal|envelope)|:\/\/\w*:\w+@|\b(SELECT|INSERT|UPDATE|DELETE|EVALSHA)\b/.exec(
            all,
          )?.[0],
          undefined,
          `what the error of ${name} quotes`,
        )
        equal((error as { cause?: unknown }).cause, undefined, `the cause of the error of ${name}`)
      }
    },
  ],
})
