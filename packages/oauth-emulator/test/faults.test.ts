import { expect, it } from 'vitest'
import { connect, consent, exchange, refresh, start } from './support.ts'

it('strikes as often as it is told to, and lists how often it has', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  const { id } = emulator.addFault({ on: 'token', kind: 'status', status: 503, retryAfter: '7', times: 2 })
  const expected = { id, on: 'token', kind: 'status', status: 503, retryAfter: '7', times: 2 }
  expect(emulator.faults()).toEqual([{ ...expected, struck: 0, left: 2 }])
  for (let struck = 1; struck <= 2; struck += 1) {
    expect((await refresh(emulator, refreshToken)).status).toBe(503)
    expect(emulator.faults()).toEqual([{ ...expected, struck, left: 2 - struck }])
  }
  expect((await refresh(emulator, refreshToken)).body).toHaveProperty('access_token')
  expect(emulator.calls().token).toBe(4)
})

it('destroys the socket before or after the request takes effect', async () => {
  const emulator = await start()
  const [first, second] = [await consent(emulator), await consent(emulator)]
  emulator.addFault({ on: 'token', kind: 'drop-before', times: 1 })
  await expect(exchange(emulator, first)).rejects.toThrow('fetch failed')
  expect((await exchange(emulator, first)).body).toHaveProperty('access_token')
  emulator.addFault({ on: 'token', kind: 'drop-after', times: 1 })
  await expect(exchange(emulator, second)).rejects.toThrow('fetch failed')
  expect((await exchange(emulator, second)).body).toEqual({ error: 'invalid_code' })
})
