import { type TestContext, onTestFinished } from 'vitest'
import { RecruitOAuthError } from '../../src/index.ts'
import type { ConnectionStore, SealedRecord } from '../../src/store/connection-store.ts'
import { connect, startSetup } from './setup.ts'
import type { Reply } from '../endpoints/server.ts'

/** `refuses`: the store knows that nothing was written. The other faults leave that unknown. */
type Fault = 'down' | 'hangs' | 'lost' | 'refuses' | undefined

/** Wraps a store so that a test can let reads and writes fail, and counts them. */
export const faultyStore = () => {
  const faults: { read: Fault; write: Fault } = { read: undefined, write: undefined }
  const counts = { reads: 0, writes: 0 }
  /** Called before each command reaches the store. */
  const before: {
    read?: () => Promise<void>
    write?: (next: SealedRecord | undefined) => Promise<void>
  } = {}
  const store: { inner?: ConnectionStore } = {}

  const apply = async <T>(fault: Fault, work: () => Promise<T>): Promise<T> => {
    if (fault === 'down') throw new Error('connect ECONNREFUSED postgres://user:password@db')
    if (fault === 'refuses') throw new RecruitOAuthError('store-unavailable', { written: 'no' })
    if (fault === 'hangs') return new Promise(() => {})
    const response = await work()
    if (fault === 'lost') throw new Error('the connection broke')
    return response
  }
  const wrap = (inner: ConnectionStore): ConnectionStore => {
    store.inner = inner
    return {
      async read(id) {
        counts.reads += 1
        await before.read?.()
        return apply(faults.read, () => inner.read(id))
      },
      async write(id, next, expected) {
        counts.writes += 1
        await before.write?.(next)
        return apply(faults.write, () => inner.write(id, next, expected))
      },
      list: (query) => inner.list(query),
    }
  }
  return { faults, counts, before, wrap, inner: () => store.inner as ConnectionStore }
}

/** A client with a valid token and a faulty store. */
export const startConnected = async ({
  onTestFinished: finished,
}: Pick<TestContext, 'onTestFinished'>) => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap, finished })
  await connect(setup)
  const acme = setup.client().connection('acme')
  const token = await acme.accessToken()
  return { ...setup, ...store, acme, token }
}

/** A setup with a faulty store. Its token endpoint gives the response `token`. */
export const startWithReply = async (
  token: Reply,
  revoke?: Reply,
  context: Pick<TestContext, 'onTestFinished'> = { onTestFinished },
) => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap, finished: context.onTestFinished })
  setup.script.token = token
  if (revoke) setup.script.revoke = revoke
  return { ...setup, ...store }
}
