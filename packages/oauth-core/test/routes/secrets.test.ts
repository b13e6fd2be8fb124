import { expect, it } from 'vitest'
import {
  createRecruitOAuth,
  zohoDataCenters,
  type DataCenters,
  type RecruitOAuthOptions,
  type ZohoDataCenterId,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { grant, refusal, key, codeOf } from '../client/house.ts'
import { json, serving, type Reply, type Server } from '../endpoints/server.ts'
import { byScript, visitor } from './visits.ts'

const ids = Object.keys(zohoDataCenters) as ZohoDataCenterId[]
const canary = (what: string): string =>
  `${what}.${Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('hex')}`

/**
 * Eleven data centers, each with an accounts server, a Recruit host and an API domain of its own on
 * loopback; and a stranger.
 */
const world = async (more: Partial<RecruitOAuthOptions> = {}) => {
  const servers = new Map<string, Server>()
  const said: { accounts: Reply } = { accounts: grant() }
  const accounts: Reply = (response, request) =>
    (request.url.includes('revoke') ? json({ status: 'success' }) : said.accounts)(
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
   * Which servers a text reached: in the address, a header or the body, as it is, percent-encoded,
   * or inside Basic authentication.
   */
  const reached = (text: string): string[] =>
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
    said,
    stranger,
    servers,
    reached,
    options,
    as: (id: string) => void (who = id),
  }
}

it('B7, B5: after consent, call, refresh and revocation in eleven data centers, and every mix-up, each secret has reached its own accounts server alone', async () => {
  const { table, secrets, said, stranger, servers, reached, options, as } = await world()
  // A client for every mount below: ten codes in ten minutes are for each client id.
  const zoho = (id: string) => createRecruitOAuth({ ...options, clientId: `1000.${id}` })
  const codes: (string | undefined)[] = []
  const returned = async (began: string, parameters: Record<string, string>) => {
    const browser = visitor(zoho(began))
    return browser.back(
      await browser.begin(`?dataCenter=${began}`),
      { code: '1000.code', ...parameters },
      byScript,
    )
  }
  for (const [index, id] of ids.entries()) {
    const other = ids[(index + 1) % ids.length] as ZohoDataCenterId
    const [here, there] = [table[id], table[other]]
    if (!here || !there) throw new Error('no data center')
    as(id)
    // Mix-ups first: none of them may be called.
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
      codes.push((await returned(id, parameters)).code)
    // Began at one data center, and the user is at another.
    said.accounts = grant({ api_domain: stranger, location: other, 'accounts-server': stranger })
    expect(
      (await returned(other, { 'accounts-server': here.accountsServer, location: id })).status,
    ).toBe(303)
    const connection = zoho(other).connection(id)
    expect((await connection.status()).dataCenter).toBe(id)
    await connection.fetch('Candidates')
    await connection.refresh()
    await connection.revoke()
    // A refused secret, and a code from Zoho's console.
    said.accounts = refusal('invalid_client_secret')
    codes.push(
      await codeOf(
        zoho(id)
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
    expect([id, reached(secrets[id] as string)]).toEqual([id, [`accounts ${id}`]])
  expect(servers.get('stranger')?.received).toEqual([])
  for (const id of ids)
    expect([
      servers.get(`recruit ${id}`)?.received.length,
      servers.get(`api ${id}`)?.received.length,
    ]).toEqual([1, 0])
})

it('B7: the former secret of a data center stays there as well, and a data center without a secret is never called', async () => {
  const [current, former, us] = [canary('current'), canary('former'), canary('us')]
  const { table, said, servers, reached, options, as } = await world({
    clientSecret: { eu: [current, former], us },
  })
  const zoho = createRecruitOAuth(options)
  as('acme')
  said.accounts = (response, request) =>
    (request.form.get('client_secret') === former ? grant() : refusal('invalid_client_secret'))(
      response,
      request,
    )
  const browser = visitor(zoho)
  expect(
    (
      await browser.back(await browser.begin(), {
        code: '1000.code',
        'accounts-server': table['eu']?.accountsServer ?? '',
      })
    ).status,
  ).toBe(303)
  for (const id of ids.filter((one) => one !== 'eu' && one !== 'us')) {
    const { accountsServer = '' } = table[id] ?? {}
    expect(
      (
        await browser.back(
          await browser.begin(),
          { code: '1000.code', 'accounts-server': accountsServer, location: id },
          byScript,
        )
      ).code,
    ).toBe('data-center-unknown')
    expect((await browser.send(`/zoho/connect?dataCenter=${id}`, byScript, 'POST')).code).toBe(
      'data-center-unknown',
    )
  }
  expect([reached(current), reached(former), reached(us)]).toEqual([
    ['accounts eu'],
    ['accounts eu'],
    [],
  ])
  expect(
    [...servers].filter(([, { received }]) => received.length > 0).map(([name]) => name),
  ).toEqual(['accounts eu'])
})
