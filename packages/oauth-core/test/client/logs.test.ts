import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { consoleListener, type RecruitOAuthEvent } from '../../src/index.ts'
import { errorOf, startConnected } from './connected.ts'
import { minute, refusal, startSetup } from './setup.ts'

describe('logs', () => {
  it('have the message in the JSON of an error', async () => {
    const { script, time, acme } = await startConnected()
    time.advance(61 * minute)
    script.token = refusal('general_error')
    const error = await errorOf(acme.accessToken())
    const { message, connection, zohoError } = JSON.parse(JSON.stringify({ error })).error
    expect([message, connection, zohoError]).toEqual([error.message, 'acme', 'general_error'])
  })

  it('get connection, data center and the word of Zoho from `consoleListener`', async () => {
    const lines: string[] = []
    for (const method of ['error', 'warn'] as const) {
      const spy = vi.spyOn(console, method).mockImplementation((line) => void lines.push(line))
      onTestFinished(() => spy.mockRestore())
    }
    const counted: string[] = []
    const onEvent = (event: RecruitOAuthEvent) => {
      counted.push(event.type)
      consoleListener(event)
    }
    const { script, client, time } = await startConnected()
    const zoho = client({ onEvent, fetch: fetch })
    script.token = refusal('invalid_client')
    time.advance(61 * minute)
    const request = new Request('https://app.example.com/candidates', {
      headers: { accept: 'application/json' },
    })
    const error = await errorOf(zoho.connection('acme').accessToken())
    const response = zoho.errorResponse(error, request)
    expect(lines.join('\n')).toMatch(
      /A refresh failed: client-rejected, Zoho: invalid_client; data center eu.*acme/,
    )
    expect(lines.at(-1)).toMatch(
      /client id.*\(client-rejected, connection acme, data center eu, Zoho invalid_client, route e/,
    )
    expect(counted).toContain('request-refused')
    expect(await response?.text()).not.toMatch(/acme|invalid_client\b.*eu/)
  })
})

it.each([
  ['connect', '/zoho/connect?dataCenter=mars', 'GET'],
  ['callback', '/zoho/callback?code=x', 'GET'],
  ['disconnect', '/zoho/disconnect', 'GET'],
])('the event of a refused request names the route %s', async (route, path, method) => {
  const { client, events } = await startConnected()
  await client().handle(new Request(`https://app.example.com${path}`, { method }))
  expect(events.at(-1)).toMatchObject({
    type: 'request-refused',
    route,
    error: expect.objectContaining({ name: 'RecruitOAuthError' }),
    ...(route === 'connect' && { connection: 'acme' }),
  })
})

it('the event of the guard names the connection', async () => {
  const setup = await startSetup()
  const response = await setup
    .client()
    .requireConnection(new Request('https://app.example.com/x', { method: 'POST' }))
  expect(response).toBeInstanceOf(Response)
  expect(setup.events.at(-1)).toMatchObject({
    type: 'request-refused',
    route: 'guard',
    connection: 'acme',
    error: expect.objectContaining({ code: 'not-connected' }),
  })
})
