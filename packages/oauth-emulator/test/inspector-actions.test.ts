import { describe, expect, it } from 'vitest'
import { targets, faultPresets } from '../src/inspector/presets.ts'
import { connect, start } from './support.ts'
import { type Emulated, control, snapshot, pageOf } from './inspector.ts'

const press = (
  emulator: Emulated,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  fetch(control(emulator), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  })

describe('the buttons', () => {
  it('advance the clock, end access tokens, revoke as the user, and reset', async () => {
    const emulator = await start()
    await connect(emulator)
    await connect(emulator, 'eu')
    const pressed = await press(emulator, { action: 'clock', seconds: '600' })
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/_emulator/'])
    expect((await snapshot(emulator)).aheadSeconds).toBe(600)
    await press(emulator, { action: 'end-access-tokens' })
    expect(emulator.tokens()).toMatchObject({ accessTokens: [], refreshTokens: [{}, {}] })
    await press(emulator, { action: 'revoke', account: 'eu' })
    expect(emulator.tokens().refreshTokens).toMatchObject([{ dataCenter: 'us' }])
    await press(emulator, { action: 'reset' })
    expect(emulator.tokens()).toMatchObject({ accessTokens: [], refreshTokens: [] })
    expect((await snapshot(emulator)).aheadSeconds).toBe(0)
  })

  it.each(
    Object.keys(faultPresets).flatMap((preset) =>
      Object.keys(targets).map((target) => [preset, target] as const),
    ),
  )('switch on %s at %s and show its label', async (preset, target) => {
    const emulator = await start()
    expect(
      (
        await press(emulator, {
          action: 'add-fault',
          preset,
          target,
          times: '3',
          dataCenter: 'eu',
        })
      ).status,
    ).toBe(303)
    expect(emulator.faults()).toMatchObject([
      { ...faultPresets[preset]?.fault, ...targets[target]?.place, times: 3, dataCenter: 'eu' },
    ])
    const text = await pageOf(emulator)
    expect(text).toContain(
      `<b>${faultPresets[preset]?.label}</b><small>${targets[target]?.label} · eu · 3 times ` +
        'more · applied 0 times</small>',
    )
  })

  it('switch off one fault or all', async () => {
    const emulator = await start()
    const fields = { action: 'add-fault', preset: 'html', target: 'api', times: '', dataCenter: '' }
    for (let times = 0; times < 3; times += 1) await press(emulator, fields)
    const [first] = emulator.faults()
    expect(first).toEqual({ id: first?.id, on: 'api', kind: 'html', struck: 0, left: null })
    await press(emulator, { action: 'clear-fault', id: first?.id ?? '' })
    expect(emulator.faults()).toHaveLength(2)
    await press(emulator, { action: 'clear-faults' })
    expect(emulator.faults()).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['another origin, in a browser without Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['another site that has the right origin', { 'sec-fetch-site': 'cross-site', origin: 'OWN' }],
  ])('cannot be pressed from %s', async (_, headers) => {
    const emulator = await start()
    await connect(emulator)
    const sent =
      headers['origin'] === 'OWN'
        ? { ...headers, origin: emulator.dataCenters.us.accountsServer }
        : headers
    const response = await press(emulator, { action: 'reset' }, sent)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('Another website sent this request')
    expect(emulator.tokens().refreshTokens).toHaveLength(1)
  })

  it.each([{ 'sec-fetch-site': 'same-origin', origin: 'null' }, { origin: 'OWN' }, {}])(
    'work from the page and without a browser: %j',
    async (headers: Record<string, string>) => {
      const emulator = await start()
      await connect(emulator)
      const sent =
        headers['origin'] === 'OWN' ? { origin: emulator.dataCenters.us.accountsServer } : headers
      expect((await press(emulator, { action: 'reset' }, sent)).status).toBe(303)
      expect(emulator.tokens().refreshTokens).toEqual([])
    },
  )

  it.each<[Record<string, string>, string]>([
    [{}, 'action: no such action'],
    [{ action: 'constructor' }, 'action: no such action'],
    [{ action: 'clock', seconds: 'x' }, 'advanceSeconds: not a number'],
    [{ action: 'revoke', account: 'mars' }, 'account: no user'],
    [{ action: 'clear-fault', id: 'x' }, 'id: no fault'],
    [
      { action: 'add-fault', preset: 'toString', target: 'api' },
      'preset: &quot;toString&quot; is not an option',
    ],
    [{ action: 'add-fault', preset: 'html', target: '' }, 'target: &quot;&quot; is not an option'],
    [{ action: 'add-fault', preset: 'html', target: 'api', times: '0' }, 'times: 0 is not allowed'],
    [
      { action: 'add-fault', preset: 'html', target: 'api', dataCenter: 'mars' },
      'dataCenter: &quot;mars&quot; is not allowed',
    ],
  ])('answer invalid forms with a cause and a hint: %j', async (fields, cause) => {
    const emulator = await start()
    const response = await press(emulator, fields)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(cause)
  })
})
