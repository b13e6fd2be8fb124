import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { respond } from '../endpoints/server.ts'
import { rows, type Row } from './matrix.ts'
import { expectDeadline, isSlow, optionsFor, storedStateOf } from './matrix-setup.ts'
import { errorCodeOf, connect, startSetup, minute, second, tally, times, until } from './setup.ts'

const endsRefresh = (type: string) =>
  type === 'refreshed' || type === 'refresh-failed' || type === 'consent-lost'

const startWithRow = async (
  row: Row,
  isCached: boolean,
  settings: Parameters<typeof startSetup>[0],
) => {
  const setup = await startSetup(settings)
  await connect(setup)
  const { counted, options } = optionsFor(row)
  const acme = setup.client(options).connection('acme')
  const valid = await acme.accessToken()
  setup.time.advance((isCached ? 57 : 61) * minute)
  if (row.reply) setup.script.token = row.reply
  const { status = 'active', coolDown } = row.refresh
  // No caller waits for an early refresh: it is not tried twice, and a failure causes a cool-down
  // of 30 s, plus or minus a fifth.
  const calls = isCached ? 1 : row.refresh.calls
  const coolDownRange =
    coolDown && isCached && coolDown.code !== 'throttled'
      ? [24 * second, 36 * second]
      : [coolDown?.ms, coolDown?.ms]
  const expectedEvent = coolDown?.code ?? (status === 'active' ? 'refreshed' : 'consent-lost')

  /** Checks the number of requests, the events and the stored record. */
  const expectOutcome = async () => {
    expect([counted.tries, setup.server.received.length]).toEqual([
      calls,
      row.transport ? 0 : calls,
    ])
    expect(
      setup.events
        .filter(({ type }) => endsRefresh(type))
        .map((event) => ('code' in event ? event.code : event.type)),
    ).toEqual([expectedEvent])
    const stored = await storedStateOf(setup)
    expect([stored.status, stored.coolDown?.code]).toEqual([status, coolDown?.code])
    // Some time has passed since the cool-down was stored.
    const [least = 0, most = 0] = coolDownRange
    if (coolDown) expect(stored.coolDown?.ms).toBeGreaterThan(least - 4 * second)
    if (coolDown) expect(stored.coolDown?.ms).toBeLessThanOrEqual(most)
  }
  /** Checks that this process and another one answer from the record, without a request. */
  const expectResponseFromRecord = async (code: string) => {
    const other = setup.client(options).connection('acme')
    expect([await errorCodeOf(acme.accessToken()), await errorCodeOf(other.accessToken())]).toEqual(
      [code, code],
    )
    expect([counted.tries, setup.server.received.length]).toEqual([
      calls,
      row.transport ? 0 : calls,
    ])
  }
  return { setup, acme, valid, expectOutcome, expectResponseFromRecord }
}

const cells = rows.flatMap((row) =>
  [true, false].map((isCached) => ({
    ...row,
    isCached,
    name: `${row.title}, ${isCached ? 'with' : 'without'} a valid token`,
  })),
)

describe('3.4: the outcome of a refresh that is answered with', () => {
  it.concurrent.for(cells)(
    '$name is the expected one',
    async ({ isCached, ...row }, { onTestFinished: finished }) => {
      const { code, remedy, coolDown, status = 'active' } = row.refresh
      const { setup, acme, valid, expectOutcome, expectResponseFromRecord } = await startWithRow(
        row,
        isCached,
        {
          finished,
        },
      )
      const startedAt = performance.now()
      const outcomes = await Promise.all(
        times(20, () => acme.accessToken().catch((error: RecruitOAuthError) => error)),
      )
      const tookMs = performance.now() - startedAt
      if (isCached) {
        // The valid token is served at once, and the refresh runs in the background.
        expect(new Set(outcomes)).toEqual(new Set([valid]))
        expect(tookMs).toBeLessThan(5 * second)
        await until(() => setup.events.some(({ type }) => endsRefresh(type)))
        await expectOutcome()
        return expectResponseFromRecord(status === 'active' ? 'ok' : status)
      }
      const [first] = outcomes
      expect(
        tally(
          outcomes.map((outcome) =>
            typeof outcome === 'string' ? 'ok' : `${outcome.code}, ${outcome.remedy}`,
          ),
        ),
      ).toEqual({ [code === 'ok' ? code : `${code}, ${remedy}`]: 20 })
      if (isSlow(row)) expectDeadline(tookMs)
      await expectOutcome()
      if (coolDown)
        expect(
          Math.abs(((first as RecruitOAuthError).retryAt ?? 0) - setup.time.now() - coolDown.ms),
        ).toBeLessThan(4 * second)
      await expectResponseFromRecord(code)
    },
  )
})

describe('T15: Retry-After is used from 1 to 600 s; invalid values count as 600 s:', () => {
  const ahead = new Date(Date.now() + 5 * minute).toUTCString()
  it.concurrent.for([
    ['0', 1],
    ['1', 1],
    ['30', 30],
    ['600', 600],
    ['601', 600],
    ['99999999', 600],
    ['9'.repeat(40), 600],
    ['-5', 600],
    ['1.5', 600],
    ['0x10', 600],
    ['1e1', 600],
    ['soon', 600],
    ['', 600],
    ['30, 60', 600],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1],
    ['2030-01-01', 600],
    [ahead, 300],
  ] as const)('%j counts as %i s', async ([value, seconds], { onTestFinished: finished }) => {
    const setup = await startSetup({ finished })
    await connect(setup)
    setup.time.advance(61 * minute)
    setup.script.token = respond('', 429, { 'retry-after': value })
    expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe('throttled')
    const { coolDown } = await storedStateOf(setup)
    expect(coolDown?.ms).toBeLessThanOrEqual(seconds * second)
    // The response's own Date is later by the time since `ahead` was computed.
    const slackMs = value === ahead ? minute : second
    expect(coolDown?.ms).toBeGreaterThan(seconds * second - slackMs)
  })
})
