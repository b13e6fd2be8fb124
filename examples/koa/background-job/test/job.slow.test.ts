import { setTimeout } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { idsAtZoho, start } from './processes.ts'

// Each test starts processes, which is slow on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

it('copies all candidates of all connected customers, page by page', async () => {
  const app = await start()
  const [harbor, rheinbogen] = [await app.customer('harbor-pine'), await app.customer('rheinbogen')]
  await harbor.connect('us')
  await rheinbogen.connect('eu')
  expect(await harbor.page()).toContain('Nothing yet')

  const { calls } = app.emulator
  const before = calls().api
  expect(await app.runRound()).toMatchObject({
    code: 0,
    err: '',
    out: 'Harbor & Pine: copied 14 candidates.\nRheinbogen: copied 14 candidates.\n',
  })
  expect(calls().api - before).toBe(2 * 4) // Pages of four.
  expect(app.copiedIds('harbor-pine')).toEqual(await idsAtZoho(app.emulator, 'us'))
  expect(app.copiedIds('rheinbogen')).toEqual(await idsAtZoho(app.emulator, 'eu'))
  expect(app.copiedIds('saffron-bridge')).toEqual([])
  expect(await harbor.page()).toMatch(/Harbor &#38; Pine Staffing.*14 candidates, just now/s)
  expect(calls().token).toBe(2)
})

it('deletes a candidate who is missing in two passes, but not in only one', async () => {
  const app = await start()
  await (await app.customer('rheinbogen')).connect('eu')
  await app.runRound()
  app.sql("INSERT INTO candidates SELECT customer, 'gone', record, pass FROM candidates LIMIT 1")
  expect([(await app.runRound()).code, app.copiedIds('rheinbogen').length]).toEqual([0, 15])
  expect([(await app.runRound()).code, app.copiedIds('rheinbogen')]).toEqual([
    0,
    await idsAtZoho(app.emulator, 'eu'),
  ])
})

it('stops between two pages on SIGTERM, and loses no candidate in the next round', async () => {
  const app = await start()
  const rheinbogen = await app.customer('rheinbogen')
  await rheinbogen.connect('eu')
  const all = await idsAtZoho(app.emulator, 'eu')
  const { id } = app.emulator.addFault({ on: 'api', kind: 'latency', seconds: 0.4 })
  const job = app.startJob()
  await expect
    .poll(() => app.copiedIds('rheinbogen').length, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(0)
  const stoppedAt = performance.now()
  job.child.kill('SIGTERM')
  expect(await job.ended).toEqual([0, null])
  expect(performance.now() - stoppedAt).toBeLessThan(2_000)
  expect(await job.out).toBe('Rheinbogen: stopped between two pages.\n')
  const left = app.copiedIds('rheinbogen')
  expect([left.length % 4, left.length < 14, left.every((one) => all.includes(one))]).toEqual([
    0,
    true,
    true,
  ])
  app.emulator.clearFaults(id)
  expect(await rheinbogen.page()).toContain(`${left.length} candidates so far`)
  await app.runRound()
  expect(app.copiedIds('rheinbogen')).toEqual(all)
})

it('loses no candidate if the job is killed, or if two jobs run at once', async () => {
  const app = await start()
  await (await app.customer('rheinbogen')).connect('eu')
  const all = await idsAtZoho(app.emulator, 'eu')
  await app.runRound()
  app.emulator.addFault({ on: 'api', kind: 'latency', seconds: 0.1 })
  for (const waitMs of [500, 650, 800]) {
    const job = app.startJob()
    await setTimeout(waitMs)
    job.child.kill('SIGKILL')
    await job.ended
    expect(app.copiedIds('rheinbogen')).toEqual(all)
  }
  const both = await Promise.all([app.runRound(), setTimeout(150).then(() => app.runRound())])
  expect([both.map(({ code }) => code), app.copiedIds('rheinbogen')]).toEqual([[0, 0], all])
})

it('runs one round after another until SIGTERM', async () => {
  const app = await start()
  await (await app.customer('rheinbogen')).connect('eu')
  const job = app.startJob()
  const before = app.emulator.calls().api
  await expect
    .poll(() => app.emulator.calls().api - before, { timeout: 40_000 })
    .toBeGreaterThanOrEqual(3 * 4)
  job.child.kill('SIGTERM')
  expect(await job.ended).toEqual([0, null])
  expect((await job.out).match(/copied 14 candidates/g)?.length).toBeGreaterThanOrEqual(3)
})

it('shares one refresh with the web process', async () => {
  const app = await start()
  const rheinbogen = await app.customer('rheinbogen')
  app.emulator.configure({ accessTokenLifeSeconds: 2 })
  await rheinbogen.connect('eu')
  app.emulator.configure({ accessTokenLifeSeconds: 3_600 })
  await setTimeout(2_000)
  app.emulator.addFault({ on: 'token', kind: 'latency', seconds: 2 })
  const before = app.emulator.calls().token
  const [first, second, ...pages] = await Promise.all([
    app.runRound(),
    app.runRound(),
    ...Array.from({ length: 10 }, () => rheinbogen.page()),
  ])
  expect([first.out, second.out]).toEqual(Array(2).fill('Rheinbogen: copied 14 candidates.\n'))
  expect(pages.every((page) => page.includes('Rheinbogen Personal'))).toBe(true)
  expect(app.emulator.calls().token - before).toBe(1)
})

it('ask-consent: the page asks for consent, and the copied candidates are kept', async () => {
  const app = await start()
  const [harbor, rheinbogen] = [await app.customer('harbor-pine'), await app.customer('rheinbogen')]
  await harbor.connect('us')
  await rheinbogen.connect('eu')
  await app.runRound()
  app.emulator.revokeByUser({ dataCenter: 'eu' })
  expect(await app.runRound()).toMatchObject({
    code: 0,
    out: 'Harbor & Pine: copied 14 candidates.\n',
    err: expect.stringMatching(/^Rheinbogen: Zoho refused the refresh token/),
  })
  const page = await rheinbogen.page()
  expect(page).toContain('We no longer have access to your Zoho Recruit')
  expect(page).toContain('We keep the 14 candidates')
  expect(await harbor.page()).not.toContain('We no longer have access')

  // The job logs the error once, and sends no token request until the customer consents.
  const before = app.emulator.calls().token
  expect(await app.runRound()).toMatchObject({ code: 0, err: '' })
  expect(app.emulator.calls().token).toBe(before)

  await rheinbogen.connect('eu')
  expect(await rheinbogen.page()).not.toContain('We no longer have access')
  expect(await app.runRound()).toMatchObject({
    out: expect.stringContaining('Rheinbogen: copied 14 candidates.'),
    err: '',
  })
  expect(app.copiedIds('rheinbogen')).toEqual(await idsAtZoho(app.emulator, 'eu'))
})

it('retry: sends no more token requests if Zoho does not replace a refused token', async () => {
  const app = await start()
  const rheinbogen = await app.customer('rheinbogen')
  await rheinbogen.connect('eu')
  await app.runRound()
  app.emulator.endAccessTokens()
  app.emulator.addFault({ on: 'token', kind: 'throttle', language: 'zh' })
  const refused = { code: 0, out: '', err: 'Rheinbogen: Recruit answered 401.\n' }
  // The library reports the failed refresh, too.
  expect(await app.runRound()).toEqual({
    ...refused,
    err: expect.stringMatching(
      /A refresh failed: throttled.*\nRheinbogen: Recruit answered 401\.\n/,
    ),
  })
  expect(await rheinbogen.page()).toContain('Connected, waiting')
  const before = app.emulator.calls().token
  expect(await app.runRound()).toEqual(refused)
  expect(app.emulator.calls().token).toBe(before)
  expect(app.copiedIds('rheinbogen').length).toBe(14)
})

it('retry without `retryAt`: starts again at the first page in the next round', async () => {
  const app = await start()
  await (await app.customer('rheinbogen')).connect('eu')
  const all = await idsAtZoho(app.emulator, 'eu')
  for (const kind of ['drop-before', 'drop-after'] as const) {
    // The third of four pages fails.
    app.emulator.addFault({ on: 'api', kind: 'latency', seconds: 0.01, times: 2 })
    app.emulator.addFault({ on: 'api', kind, times: 1 })
    expect(await app.runRound()).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('broke before its response arrived'),
    })
  }
  app.emulator.addFault({ on: 'api', kind: 'status', status: 503, times: 1 })
  expect(await app.runRound()).toMatchObject({
    code: 0,
    err: 'Rheinbogen: Recruit answered 503.\n',
  })
  expect(await app.runRound()).toMatchObject({ out: 'Rheinbogen: copied 14 candidates.\n' })
  expect(app.copiedIds('rheinbogen')).toEqual(all)
})

it('report and fix-configuration: logs them, continues, and `--once` exits with 1', async () => {
  const app = await start()
  const [harbor, rheinbogen] = [await app.customer('harbor-pine'), await app.customer('rheinbogen')]
  await harbor.connect('us')
  await rheinbogen.connect('eu')
  app.emulator.addFault({ on: 'api', dataCenter: 'us', kind: 'html' })
  expect(await app.runRound()).toMatchObject({
    code: 1,
    out: 'Rheinbogen: copied 14 candidates.\n',
  })
  expect(await harbor.page()).toContain('when we have fixed a problem on our side')
  app.emulator.clearFaults()
  app.emulator.endAccessTokens()
  app.emulator.addFault({
    on: 'token',
    dataCenter: 'us',
    kind: 'error',
    error: 'invalid_client_secret',
  })
  expect(await app.runRound()).toMatchObject({
    code: 1,
    out: 'Rheinbogen: copied 14 candidates.\n',
    err: expect.stringContaining('Zoho refused the client secret'),
  })
  app.emulator.clearFaults()
  // The fault is over. The library replaces a rejected token only once in ten minutes for each
  // endpoint, so the test uses a new consent instead of waiting.
  await harbor.connect('us')
  await expect
    .poll(() => app.runRound(), { timeout: 40_000 })
    .toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Harbor & Pine: copied 14 candidates.'),
    })
})
