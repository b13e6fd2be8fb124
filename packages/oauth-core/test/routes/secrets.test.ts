import { expect, it } from 'vitest'
import {
  createRecruitOAuth,
  zohoDataCenters,
  type DataCenters,
  type RecruitOAuthOptions,
  type ZohoDataCenterId,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { grant, refusal, key, errorCodeOf } from '../client/setup.ts'
import { json, serving, type Reply, type Server } from '../endpoints/server.ts'
import { byScript, createBrowser } from './browser.ts'

const ids = Object.keys(zohoDataCenters) as ZohoDataCenterId[]
const canary = (what: string): string =>
  `${what}.${Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('hex')}`

/**
 * Eleven data centers on loopback, each with its own accounts server, Recruit host and API domain,
 * and a server that must get no request.
 */
const startDataCenters = async (more: Partial<RecruitOAuthOptions> = {}) => {
  const servers = new Map<string, Server>()
  const script: { accounts: Reply } = { accounts: grant() }
  const accounts: Reply = (response, request) =>
    (request.url.includes('revoke') ? json({ status: 'success' }) : script.accounts)(
      response,
      request,
    )
  const open = async (name: string, reply: Reply) => {
    const server = await serving(reply)
    servers.set(name, server)
    return server.origin
  }
  const table: Record<string, DataCenters[string]> = {}
  for (const id of ids) {
    table[id] = {
      accountsServer: await open(`accounts ${id}`, accounts),
      recruitApi: `${await open(`recruit ${id}`, json({ data: [] }))}/recruit/v2`,
      apiDomain: await open(`api ${id}`, json({})),
    }
  }
  const stranger = await open('stranger', json({}))
  const secrets = Object.fromEntries(ids.map((id) => [id, canary(id)]))
  let who = 'us'
  const options: RecruitOAuthOptions = {
    clientId: '1000.CLIENT',
    clientSecret: secrets,
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: table,
    store: memoryStore(),
    encryptionKeys: [key],
    onEvent: () => {},
    connectionFor: () => ({ id: who, principal: 'ann' }),
    ...more,
  }
  /**
   * The servers that received a text: in the URL, a header or the body, in clear, percent-encoded,
   * or inside Basic authentication.
   */
  const serversReachedBy = (text: string): string[] =>
    [...servers]
      .filter(([, { received }]) =>
        received.some(({ url, headers, body }) => {
          const basic = Buffer.from(
            headers.authorization?.replace(/^Basic /, '') ?? '',
            'base64',
          ).toString()
          return [text, encodeURIComponent(text)].some((spelling) =>
            `${url}\n${JSON.stringify(headers)}\n${basic}\n${body}`.includes(spelling),
          )
        }),
      )
      .map(([name]) => name)
  return {
    table,
    secrets,
    script,
    stranger,
    servers,
    serversReachedBy,
    options,
    signInAs: (id: string) => void (who = id),
  }
}

it('B7, B5: sends each secret only to the accounts server of its data center', async () => {
  const { table, secrets, script, stranger, servers, serversReachedBy, options, signInAs } =
    await startDataCenters()
  // One client for each start, as each client has only ten codes in ten minutes.
  const clientOf = (id: string) => createRecruitOAuth({ ...options, clientId: `1000.${id}` })
  const codes: (string | undefined)[] = []
  const completeCallback = async (began: string, parameters: Record<string, string>) => {
    const browser = createBrowser(clientOf(began))
    return browser.sendCallback(
      await browser.startConsent(`?dataCenter=${began}`),
      { code: '1000.code', ...parameters },
      byScript,
    )
  }
  for (const [index, id] of ids.entries()) {
    const other = ids[(index + 1) % ids.length] as ZohoDataCenterId
    const here = table[id]
    const there = table[other]
    if (!here || !there) throw new Error('no data center')
    signInAs(id)
    // Contradicting parameters first, which must cause no request.
    for (const parameters of [
      { 'accounts-server': here.accountsServer, location: other },
      { 'accounts-server': there.accountsServer, location: id },
      { 'accounts-server': stranger, location: id },
      { 'accounts-server': `${here.accountsServer}@${new URL(stranger).host}` },
      { 'accounts-server': here.recruitApi },
      { 'accounts-server': here.apiDomain, location: id },
      { location: stranger },
      { 'accounts-server': there.accountsServer, iss: here.accountsServer },
    ])
      codes.push((await completeCallback(id, parameters)).code)
    // Consent begins at one data center, and the user belongs to another.
    script.accounts = grant({ api_domain: stranger, location: other, 'accounts-server': stranger })
    expect(
      (await completeCallback(other, { 'accounts-server': here.accountsServer, location: id }))
        .status,
    ).toBe(303)
    const connection = clientOf(other).connection(id)
    expect((await connection.status()).dataCenter).toBe(id)
    await connection.fetch('Candidates')
    await connection.refresh()
    await connection.revoke()
    // A refused secret, with a code from the API console of Zoho.
    script.accounts = refusal('invalid_client_secret')
    codes.push(
      await errorCodeOf(
        clientOf(id)
          .connection(`self-${id}`)
          .exchangeSelfClientCode('1000.code', { principal: 'ann', dataCenter: id }),
      ),
    )
  }
  expect(new Set(codes)).toEqual(
    new Set([
      'data-center-mismatch',
      'data-center-unknown',
      'callback-malformed',
      'client-secret-rejected',
    ]),
  )
  for (const id of ids)
    expect([id, serversReachedBy(secrets[id] as string)]).toEqual([id, [`accounts ${id}`]])
  expect(servers.get('stranger')?.received).toEqual([])
  for (const id of ids)
    expect([
      servers.get(`recruit ${id}`)?.received.length,
      servers.get(`api ${id}`)?.received.length,
    ]).toEqual([1, 0])
})

it('B7: sends a former secret only to its data center, calls none without a secret', async () => {
  const current = canary('current')
  const former = canary('former')
  const us = canary('us')
  const { table, script, servers, serversReachedBy, options, signInAs } = await startDataCenters({
    clientSecret: { eu: [current, former], us },
  })
  const zoho = createRecruitOAuth(options)
  signInAs('acme')
  script.accounts = (response, request) =>
    (request.form.get('client_secret') === former ? grant() : refusal('invalid_client_secret'))(
      response,
      request,
    )
  const browser = createBrowser(zoho)
  expect(
    (
      await browser.sendCallback(await browser.startConsent(), {
        code: '1000.code',
        'accounts-server': table['eu']?.accountsServer ?? '',
      })
    ).status,
  ).toBe(303)
  for (const id of ids.filter((one) => one !== 'eu' && one !== 'us')) {
    const { accountsServer = '' } = table[id] ?? {}
    expect(
      (
        await browser.sendCallback(
          await browser.startConsent(),
          { code: '1000.code', 'accounts-server': accountsServer, location: id },
          byScript,
        )
      ).code,
    ).toBe('data-center-unknown')
    expect((await browser.send(`/zoho/connect?dataCenter=${id}`, byScript, 'POST')).code).toBe(
      'argument-invalid',
    )
  }
  expect([serversReachedBy(current), serversReachedBy(former), serversReachedBy(us)]).toEqual([
    ['accounts eu'],
    ['accounts eu'],
    [],
  ])
  expect(
    [...servers].filter(([, { received }]) => received.length > 0).map(([name]) => name),
  ).toEqual(['accounts eu'])
})
