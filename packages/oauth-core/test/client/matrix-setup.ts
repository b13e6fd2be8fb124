import { expect } from 'vitest'
import { createClientContext } from '../../src/client/context.ts'
import { configure } from '../../src/config/configure.ts'
import type { RecruitOAuthOptions } from '../../src/index.ts'
import { refusedOrigin, startTcp } from '../endpoints/server.ts'
import { withoutJitter, type Setup } from './setup.ts'
import type { Row } from './matrix.ts'

export const isSlow = ({ refresh }: Row): boolean => refresh.code === 'accounts-server-timed-out'

/** Options whose `fetch` counts the requests, and fails if the row says so. */
export const optionsFor = (row: Row) => {
  const counted = { tries: 0 }
  const transport: RecruitOAuthOptions['fetch'] = async (url, init) => {
    counted.tries += 1
    if (row.transport === 'refused') return fetch(await refusedOrigin(), init)
    if (row.transport === 'unresolved')
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('getaddrinfo ENOTFOUND'), {
          code: 'ENOTFOUND',
          syscall: 'getaddrinfo',
        }),
      })
    if (row.transport !== 'torn') return fetch(url, init)
    const tcp = await startTcp((socket) => socket.destroy())
    return fetch(tcp.origin, init).finally(() => tcp.close())
  }
  return {
    counted,
    options: { ...withoutJitter, fetch: transport } satisfies Partial<RecruitOAuthOptions>,
  }
}

/** The stored status, and the cool-down with its remaining time. */
export const storedStateOf = async (setup: Setup) => {
  const { record, now } = await createClientContext(configure(setup.options())).repository.read(
    'acme',
  )
  const { coolDown: held, status } = record
  return { status, ...(held && { coolDown: { code: held.code, ms: held.until - now } }) }
}

/** The call ended at the deadline of six seconds. A busy machine may need seconds more. */
export const expectDeadline = (tookMs: number): void => {
  expect(tookMs).toBeGreaterThan(5_900)
  expect(tookMs).toBeLessThan(15_000)
}
