import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { aRecord, put, stands, written } from './record.ts'

/** One writer wins, and the others know that they did not. */
export const compareAndSet = storeCasesOf({
  'absent-keeps': [
    '‘absent’ does not replace what stands there',
    'a connection from being made anew over a living one',
    async ({ store }) => {
      const first = await put(store, 'acme')
      equal(await written(store.write('acme', aRecord(), 'absent')), false, 'written over what stands')
      await stands(store, 'acme', first)
    },
  ],
  'revision-replaces': [
    'the right revision replaces the record whole',
    'a record from keeping what its successor no longer says',
    async ({ store }) => {
      const first = await put(store, 'acme', { owner: 'user 1', dataCenter: 'eu', unfinished: true })
      const second = aRecord({ status: 'revoked' })
      equal(await written(store.write('acme', second, first.revision)), true, 'written by the revision that stands')
      await stands(store, 'acme', second)
    },
  ],
})
