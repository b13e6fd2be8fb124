import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { control, storeBy } from './clients.ts'
import { proxyTo } from './proxy.ts'
import { describeWithRedis, ownRedis } from './servers.ts'
import { clients, ioredis } from './settings.ts'

describeWithRedis('an answer that is lost', () => {
  it('by ioredis, which sends again what was not answered: written once, and known to be', async () => {
    const { url } = await ownRedis()
    const [proxy, redis] = [await proxyTo(url), await control(url)]
    const store = await storeBy(clients.ioredis, proxy.url)
    const [first, second] = [
      createRecord({ principal: 'user 1', pending: true }),
      createRecord({ principal: 'user 1', pending: true }),
    ]
    await store.write('acme', undefined, 'absent') // So that Redis knows the script.

    for (const [next, expected] of [
      [first, 'absent'],
      [second, first.revision],
    ] as const) {
      await redis('CONFIG RESETSTAT')
      proxy.loseNextAnswer()
      expect((await store.write('acme', next, expected)).written).toBe(true)
      expect(await redis('INFO commandstats'), 'it came twice').toContain(
        'cmdstat_evalsha:calls=2,',
      )
      expect(await redis('INFO commandstats'), 'and was done once').toContain(
        'cmdstat_set:calls=1,',
      )
      expect((await store.read('acme')).record).toEqual(next)
    }
    expect(await store.list({ principal: 'user 1', pending: true, limit: 9 })).toHaveLength(1)
    expect(
      (await store.write('acme', second, first.revision)).written,
      'another call with the same record is another call',
    ).toBe(false)

    proxy.loseNextAnswer()
    await store.write('acme', undefined, second.revision)
    expect(await redis('DBSIZE'), 'nothing is left of what was removed').toBe(0)
  })

  it.each([
    ['node-redis', clients['node-redis']],
    [
      'ioredis that sends nothing again',
      (url: string) =>
        ioredis(url, { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }),
    ],
  ])('by %s: rejected, and the record tells', async (_, connect) => {
    const { url } = await ownRedis()
    const proxy = await proxyTo(url)
    const store = await storeBy(connect, proxy.url)
    await store.write('acme', undefined, 'absent') // So that Redis knows the script.
    const record = createRecord()
    proxy.loseNextAnswer()
    await expect(store.write('acme', record, 'absent')).rejects.toMatchObject({
      code: 'store-unavailable',
    })
    await expect
      .poll(() => store.read('acme').catch(() => undefined), { timeout: 30_000 })
      .toMatchObject({ record })
  })
})
