import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { expect, it, onTestFinished, vi } from 'vitest'
import { canary, spellings } from '../client/canaries.ts'
import { startSetup, minute } from '../client/setup.ts'
import { openStore, temporaryFile } from '../store/sqlite/temporary.ts'
import { respond, json, type Received, type Reply } from '../endpoints/server.ts'
import { byScript, fromZoho, navigation, createBrowser, type Visited } from './browser.ts'

/** Decodes base64 and base64url inside a text, as an encoded secret is not a sealed secret. */
const decodeBase64 = (text: string): string =>
  [...text.matchAll(/[\w+/-]{16,}/g)]
    .map(([part]) => Buffer.from(part, 'base64').toString('latin1'))
    .join('\n')

it('C5, R1, O1, O2, B11: no secret is in a response, cookie, event, log or file', async () => {
  const secrets = {
    client: canary('client'),
    access: canary('1000.access'),
    refresh: canary('1000.refresh'),
    code: canary('1000.code'),
    key: Buffer.from(canary('key').slice(0, 27).padEnd(32, 'k')).toString('base64'),
  }
  // These values are no secrets, but private.
  const facts = {
    connection: canary('connection'),
    principal: canary('principal'),
    returnTo: canary('returnto'),
  }
  const sinks: Record<string, string[]> = {
    cookies: [],
    bodies: [],
    headers: [],
    events: [],
    console: [],
    disk: [],
  }
  const put = (sink: string, ...texts: unknown[]) =>
    sinks[sink]?.push(
      ...texts.map((one) =>
        typeof one === 'string'
          ? one
          : `${String(one)} ${inspect(one, { showHidden: true, depth: Infinity })} ` +
            JSON.stringify(one),
      ),
    )
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    const spy = vi
      .spyOn(console, method)
      .mockImplementation((...what) => void put('console', ...what))
    onTestFinished(() => spy.mockRestore())
  }

  const path = temporaryFile()
  const setup = await startSetup({ store: () => openStore(path) })
  const who = { id: facts.connection, principal: facts.principal }
  const zoho = setup.client({
    clientSecret: secrets.client,
    encryptionKeys: [secrets.key],
    connectionFor: () => ({ ...who }),
    onEvent: (event) => put('events', event),
  })
  const logging = setup.client({
    clientSecret: secrets.client,
    encryptionKeys: [secrets.key],
    connectionFor: () => ({ ...who }),
    onEvent: undefined,
  })
  const states: string[] = []
  const verifiers: string[] = []
  const record = (visited: Visited): Visited => {
    put('cookies', ...visited.headers.getSetCookie())
    put('bodies', visited.body)
    for (const [name, value] of visited.headers) {
      // The authorization URL must have the state in it.
      const isAuthorizationUrl = name === 'location' && value.includes('/oauth/v2/auth?')
      if (name !== 'set-cookie' && !isAuthorizationUrl) put('headers', `${name}: ${value}`)
    }
    return visited
  }
  const quote = (request: Received) => `${request.body} ${request.headers.authorization ?? ''}`
  const responses: Reply[] = [
    json({
      access_token: secrets.access,
      refresh_token: secrets.refresh,
      expires_in: 3600,
      status: 'success',
    }),
    (response, request) => respond(quote(request), 500)(response, request),
    (response, request) =>
      json({ error: 'invalid_code', error_description: quote(request) })(response, request),
    (response, request) => json({ error: quote(request) }, 400)(response, request),
    (response, request) => respond(`<html>${quote(request)}`)(response, request),
  ]

  const visit = async (client: typeof zoho, headers: Record<string, string>) => {
    const browser = createBrowser(client)
    const begun = record(
      await browser.send(
        `/zoho/connect?returnTo=/${facts.returnTo}`,
        headers === byScript ? byScript : navigation,
        headers === byScript ? 'POST' : 'GET',
      ),
    )
    const url = begun.url ?? new URL((JSON.parse(begun.body) as { url: string }).url)
    sinks['bodies']?.pop() // The URL for the script must have the state in it.
    const state = url.searchParams.get('state') as string
    states.push(state)
    const jar = new Map(browser.jar)
    const query = { code: secrets.code, location: 'eu' }
    // First every invalid callback, each with the cookie.
    for (const invalid of [
      { error: 'access_denied', error_description: secrets.code },
      { ...query, 'accounts-server': `https://${secrets.code}.example` },
      { ...query, access_token: secrets.access },
      { code: `${secrets.code} ` },
      { ...query, iss: secrets.code },
    ] as Record<string, string>[])
      record(await createBrowser(client, new Map(jar)).sendCallback(state, invalid, headers))
    who.principal = 'somebody-else'
    record(await createBrowser(client, new Map(jar)).sendCallback(state, query, headers))
    who.principal = facts.principal
    record(await createBrowser(client).sendCallback(state, query, headers))
    record(await browser.sendCallback(state, query, headers))
    record(await createBrowser(client, new Map(jar)).sendCallback(state, query, headers))
  }
  for (const reply of responses) {
    setup.script.token = setup.script.api = reply
    setup.script.revoke = reply
    for (const headers of [fromZoho, byScript]) {
      await visit(zoho, headers)
      await visit(logging, headers)
      for (const client of [zoho, logging]) {
        const connected = await client.requireConnection(
          new Request('https://app.example.com/x', { headers }),
        )
        if (connected instanceof Response) put('bodies', await connected.text())
        setup.time.advance(11 * minute)
        record(
          await createBrowser(client).send(
            '/zoho/disconnect',
            { ...headers, 'sec-fetch-site': 'same-origin' },
            'POST',
          ),
        )
      }
    }
    for (const file of readdirSync(dirname(path)))
      put('disk', readFileSync(join(dirname(path), file)).toString('latin1'))
  }
  for (const { form } of setup.tokenCalls()) verifiers.push(form.get('code_verifier') ?? '')

  // Something was recorded in each place, and the secrets were in use.
  for (const [sink, texts] of Object.entries(sinks))
    expect([sink, texts.join('').length > 100]).toEqual([sink, true])
  const sent = setup.server.received.map(({ body }) => body).join('\n')
  for (const used of [secrets.client, secrets.code, ...verifiers.filter(Boolean)])
    expect(sent).toContain(used)
  expect(readdirSync(dirname(path)).length).toBeGreaterThan(1)

  const leaks: string[] = []
  const search = (what: string, secret: string, ...places: string[]) => {
    for (const place of places) {
      const all = sinks[place]?.join('\n') ?? ''
      const text = place === 'cookies' ? `${all}\n${decodeBase64(all)}` : all
      for (const spelling of spellings(secret))
        if (text.includes(spelling)) leaks.push(`${what} in ${place}`)
    }
  }
  const everywhere = Object.keys(sinks)
  for (const [what, secret] of Object.entries(secrets)) search(what, secret, ...everywhere)
  for (const verifier of verifiers.filter(Boolean)) search('verifier', verifier, ...everywhere)
  for (const state of states) search('state', state, ...everywhere)
  search('returnTo', facts.returnTo, 'cookies', 'disk', 'console', 'events')
  for (const fact of [facts.connection, facts.principal])
    search('who', fact, 'cookies', 'bodies', 'headers')
  // The default log names the connection.
  search('who', facts.principal, 'console')
  expect(leaks).toEqual([])
}, 60_000)
