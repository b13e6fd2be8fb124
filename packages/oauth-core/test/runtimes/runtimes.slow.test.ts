import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { respond, json, notFound, startServer, type Reply } from '../endpoints/server.ts'
import type { Outcome, EndpointRequest } from './inside.ts'
import { runIn, runtimes } from './run-in.ts'
import { verbs, deadlineMs, mebibyte, granted, rows } from './rows.ts'

const cells = rows.flatMap((row) =>
  (row.verbs ?? verbs).map((verb) => ({ ...row, verb, name: `${row.title} (${verb})` })),
)

describe.each(runtimes)('on %s,', (runtime) => {
  const outcomes = new Map<string, Partial<Outcome> & { arrived: number }>()
  let peakBytes: number | undefined
  beforeAll(async () => {
    const servers = await Promise.all(cells.map(({ server }) => server()))
    const requests = cells.map(({ verb, isWarm = false }, index): EndpointRequest => ({
      verb,
      isWarm,
      deadlineMs,
      origin: servers[index]?.origin ?? '',
    }))
    const ran = await runIn(runtime, `inside.sendAll(${JSON.stringify(requests)})`)
    peakBytes = ran.peakBytes
    cells.forEach(({ name }, index) =>
      outcomes.set(name, {
        ...(ran.result as Outcome[])[index],
        arrived: servers[index]?.arrived() ?? -1,
      }),
    )
    await Promise.all(servers.map((server) => server.close()))
  }, 60_000)

  describe('a call has the expected outcome with', () => {
    it.each(cells)('$name', ({ name, expected, differs, endsAtDeadline }) => {
      const { tookMs = 0, ...outcome } = outcomes.get(name) ?? {}
      expect(outcome).toEqual({ ...expected, ...differs?.[runtime] })
      // A timer may fire early by the resolution of a runtime's clock.
      if (endsAtDeadline) expect(tookMs).toBeGreaterThan(deadlineMs - 50)
      expect(tookMs).toBeLessThan(deadlineMs + 10_000)
    })
  })

  it('T4: no response takes memory in proportion to its length', () => {
    if (peakBytes !== undefined) expect(peakBytes).toBeLessThan(500 * mebibyte)
  })

  describe('T1, T2, T18: consent, call, refresh and revocation', () => {
    let life: Record<string, unknown>
    let sink: Awaited<ReturnType<typeof startServer>>
    let server: Awaited<ReturnType<typeof startServer>>
    beforeAll(async () => {
      sink = await startServer(json({}))
      server = await startServer((response, request) => {
        const replies: Record<string, Reply> = {
          '/oauth/v2/token': granted,
          '/oauth/v2/revoke/token': json({ status: 'success' }),
          '/recruit/v2/org': json({ org: [] }),
          '/recruit/v2/moved': respond('', 307, { location: sink.origin }),
        }
        return (replies[request.url] ?? notFound)(response, request)
      })
      life = (await runIn(runtime, `inside.runWholeLife(${JSON.stringify(server.origin)})`))
        .result as typeof life
    }, 60_000)
    afterAll(() => Promise.all([server.close(), sink.close()]))

    it('have the same outcome in all runtimes', () => {
      expect(life).toEqual({
        'the callback': 303,
        'the callback again': 303,
        'a call': { org: [] },
        'a call that is redirected': 'redirect-refused',
        'a refresh': 'ok',
        'a revocation': 'ok',
        'a token afterwards': 'connection-revoked',
        'the status': 'revoked',
      })
    })

    it('send each request once with its parameters in the body, and follow no redirect', () => {
      expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'POST /oauth/v2/token',
        'GET /recruit/v2/org',
        'GET /recruit/v2/moved',
        'POST /oauth/v2/token',
        'POST /oauth/v2/revoke/token',
      ])
      for (const { headers, body } of server.received.filter(({ method }) => method === 'POST')) {
        expect(headers['content-type']).toMatch(
          /^application\/x-www-form-urlencoded;charset=utf-8$/i,
        )
        expect(headers['content-length']).toBe(String(body.length))
      }
      expect(sink.received).toEqual([])
    })
  })
})
