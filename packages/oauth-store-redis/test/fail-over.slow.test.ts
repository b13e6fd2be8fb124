import { createRecord } from '@zrecruit/testing/records'
import { expect, it, onTestFinished } from 'vitest'
import { createClient } from 'redis'
import { redisStore } from '../src/index.ts'
import { control, storesOn } from './clients.ts'
import { listIds } from './records.ts'
import { describeWithRedis, ownRedis } from './servers.ts'

describeWithRedis('a failover', () => {
  it(
    'keeps writes confirmed by WAIT, may lose later ones, and allows new writes',
    { timeout: 30_000 },
    async () => {
      const primary = await ownRedis()
      const replica = await ownRedis({
        settings: { replicaof: `127.0.0.1 ${new URL(primary.url).port}` },
      })
      const [onPrimary, onReplica] = [await control(primary.url), await control(replica.url)]
      await expect
        .poll(() => onReplica('INFO replication'), { timeout: 30_000 })
        .toContain('master_link_status:up')

      const client = await createClient({ url: primary.url, disableOfflineQueue: true })
        .on('error', () => undefined)
        .connect()
      onTestFinished(() => client.destroy())
      const store = redisStore(client)
      const [consent, refresh] = [
        createRecord({ principal: 'user 1', pending: true }),
        createRecord(),
      ]
      await store.write('acme', consent, 'absent')
      expect(await client.wait(1, 5_000), 'as in the README').toBe(1)

      replica.freeze()
      // Without its connection, the replica has no unread writes when it continues.
      await onPrimary('CLIENT KILL TYPE replica')
      expect((await store.write('acme', refresh, consent.revision)).written).toBe(true)
      expect(await client.wait(1, 50)).toBe(0)
      await primary.kill()
      replica.thaw()
      await onReplica('REPLICAOF NO ONE')

      for (const after of await storesOn(replica.url)) {
        expect((await after.read('acme')).record).toEqual(consent)
        expect(await listIds(after, { principal: 'user 1', pending: true, limit: 9 })).toEqual([
          'acme',
        ])
        expect(
          (await after.write('acme', createRecord(), refresh.revision)).written,
          'no write can follow a lost revision',
        ).toBe(false)
        const next = createRecord()
        expect((await after.write('acme', next, consent.revision)).written).toBe(true)
        expect((await after.write('acme', undefined, next.revision)).written).toBe(true)
        await after.write('acme', consent, 'absent')
      }
    },
  )
})
