import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { control, storeBy } from './clients.ts'
import { proxyTo } from './proxy.ts'
import { describeWithRedis, ownRedis } from './servers.ts'
import { clients, ioredis } from './settings.ts'

describeWithRedis('a lost reply', () => {
  it('with ioredis, which repeats the command: writes once and reports success', async () => {
    const { url } = await ownRedis()
    const [proxy, redis] = [await proxyTo(url), await control(url)]
    const store = await storeBy(clients.ioredis, proxy.url)
    const [first, second] = [
      createRecord({ principal: 'user 1', pending: true }),
      createRecord({ principal: 'user 1', pending: true }),
    ]
    await store.write('acme', undefined, 'absent') // Loads the script.

    for (const [next, expected] of [
      [first, 'absent'],
      [second, first.revision],
    ] as const) {
      await redis('CONFIG RESETSTAT')
      proxy.loseNextReply()
      expect((await store.write('acme', next, expected)).written).toBe(true)
      expect(await redis('INFO commandstats'), 'the script was received twice').toContain(
        'cmdstat_evalsha:calls=2,',
      )
      expect(await redis('INFO commandstats'), 'the script was applied once').toContain(
        'cmdstat_set:calls=1,',
      )
      expect((await store.read('acme')).record).toEqual(next)
    }
    expect(await store.list({ principal: 'user 1', pending: true, limit: 9 })).toHaveLength(1)
    expect(
      (await store.write('acme', second, first.revision)).written,
      'another call with the same record is not a repetition',
    ).toBe(false)

    proxy.loseNextReply()
    await store.write('acme', undefined, second.revision)
    expect(await redis('DBSIZE'), 'a removed record leaves no keys').toBe(0)
  })

  it('with ioredis: a write succeeds even if the memory is full when it is repeated', async () => {
    const { url } = await ownRedis()
    const [proxy, redis] = [await proxyTo(url), await control(url)]
    const store = await storeBy(clients.ioredis, proxy.url)
    await store.write('acme', undefined, 'absent') // Loads the script.
    const record = createRecord()
    await redis('CONFIG RESETSTAT')
    proxy.loseNextReply(() => redis('CONFIG SET maxmemory 1'))
    expect((await store.write('acme', record, 'absent')).written).toBe(true)
    expect(await redis('INFO commandstats')).toContain('cmdstat_evalsha:calls=2,')
    await expect(store.write('other', createRecord(), 'absent')).rejects.toMatchObject({
      message: expect.stringContaining('(OOM)') as string,
      written: 'no',
    })
  })

  it.each([
    ['node-redis', clients['node-redis']],
    [
      'ioredis without repetition',
      (url: string) =>
        ioredis(url, { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }),
    ],
  ])('with %s: rejects, and the record shows the outcome', async (_, connect) => {
    const { url } = await ownRedis()
    const proxy = await proxyTo(url)
    const store = await storeBy(connect, proxy.url)
    await store.write('acme', undefined, 'absent') // Loads the script.
    const record = createRecord()
    proxy.loseNextReply()
    await expect(store.write('acme', record, 'absent')).rejects.toMatchObject({
      code: 'store-unavailable',
    })
    await expect
      .poll(() => store.read('acme').catch(() => undefined), { timeout: 30_000 })
      .toMatchObject({ record })
  })
})
