import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf, type StoreTestContext } from '../case.ts'
import { createRecord, put } from './record.ts'

const timeoutMs = 3_000

/** Stops the store and returns the value or the error of each command. */
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
    const outcome = await Promise.race([settled, pause(timeoutMs, undefined, { ref: false })])
    expectTrue(outcome, `${name} answers or rejects within ${timeoutMs} ms`)
    outcomes.push({ name, ...outcome })
  }
  return { record, outcomes }
}

/** The store is closed or its server is unreachable. A store in memory may respond as before. */
export const stopped = storeCasesOf({
  'stopped-rejects': [
    'a closed or unreachable store rejects with store-unavailable',
    'A connection must not look forgotten because a server is down.',
    async (context) => {
      const { record, outcomes } = await afterStop(context)
      const expected: Readonly<Record<string, unknown>> = {
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
            expected[name],
            `the response of ${name} from a stopped store`,
          )
        }
      }
    },
  ],
  'errors-quote-nothing': [
    'an error has no cause and quotes no record, statement or password',
    'Logs must not contain sealed tokens or database passwords.',
    async (context) => {
      for (const { name, error } of (await afterStop(context)).outcomes) {
        if (error === undefined) continue
        const all = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
        const leak =
          /planted (principal|envelope)|:\/\/\w*:\w+@/.exec(all) ??
          /\b(SELECT|INSERT|UPDATE|DELETE|EVALSHA)\b/.exec(all)
        equal(leak?.[0], undefined, `data in the error of ${name}`)
        equal((error as { cause?: unknown }).cause, undefined, `the cause of the error of ${name}`)
      }
    },
  ],
})
