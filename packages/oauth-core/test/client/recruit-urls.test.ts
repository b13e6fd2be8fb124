import { expect, describe, it } from 'vitest'
import {
  type RecruitOAuthOptions,
  zohoDataCenters,
  type RecruitRequestInit,
} from '../../src/index.ts'
import { json, serving } from '../endpoints/server.ts'
import { connect, errorCodeOf, startSetup, type Setup } from './setup.ts'

/** A connected client with an upload server, and the calls that reached each server. */
const startConnected = async (
  scopes: RecruitOAuthOptions['scopes'] = ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
  org: object = { zgid: '60001' },
) => {
  const setup = await startSetup()
  const upload = await serving(json({ code: 'FILE_UPLOAD_SUCCESS' }))
  const [eu] = Object.values(setup.options().dataCenters ?? {})
  if (!eu) throw new Error('no data center')
  const dataCenters = { eu: { ...eu, uploadServer: upload.origin } }
  setup.script.api = json({ org: [org], users: [] })
  const options = { dataCenters, scopes }
  const client: Setup['client'] = (more) => setup.client({ ...options, ...more })
  await connect({ ...setup, client })
  const acme = setup.client(options).connection('acme')
  const recruitUrls = () => setup.server.received.map(({ url }) => url)
  return { ...setup, acme, upload, eu, recruitUrls }
}

describe('fetch accepts', () => {
  it.each([
    ['Candidates', '/recruit/v2/Candidates'],
    ['/Candidates', '/recruit/v2/Candidates'],
    ['recruiters', '/recruit/v2/recruiters'],
    ['Candidates/search?email=a%40b.example', '/recruit/v2/Candidates/search?email=a%40b.example'],
    ['Candidates/search?criteria=a;b', '/recruit/v2/Candidates/search?criteria=a;b'],
    ['/recruit/v2/Candidates', '/recruit/v2/Candidates'],
    ['/recruit/bulk/v2/read', '/recruit/bulk/v2/read'],
    ['/recruit/bulk/v2/read/1000010760002/result', '/recruit/bulk/v2/read/1000010760002/result'],
  ])('the path %s', async (path, url) => {
    const { acme, recruitUrls } = await startConnected()
    await acme.fetch(path)
    expect(recruitUrls()).toEqual([url])
  })

  it('a URL of its own Recruit server, also with upper case', async () => {
    const { acme, server, recruitUrls } = await startConnected()
    await acme.fetch(`${server.origin}/recruit/bulk/v2/read?x=1`)
    await acme.fetch(`${server.origin.replace('http', 'HTTP')}/recruit/v2/org`)
    expect(recruitUrls()).toEqual(['/recruit/bulk/v2/read?x=1', '/recruit/v2/org'])
  })

  it("paths from the app's own proxy, which has a path before them", async () => {
    const { client, server, eu } = await startConnected()
    const dataCenters = { eu: { ...eu, recruitApi: `${server.origin}/proxy/recruit/v2` } }
    const acme = client({ dataCenters }).connection('acme')
    await acme.fetch('Candidates')
    await acme.fetch('/recruit/bulk/v2/read')
    expect(server.received.map(({ url }) => url)).toEqual([
      '/proxy/recruit/v2/Candidates',
      '/proxy/recruit/bulk/v2/read',
    ])
  })
})

describe('fetch refuses', () => {
  it.each<[string, RegExp]>([
    ['https://recruit.zoho.com/recruit/v2/org', /server that is not the connection's own/],
    ['https://accounts.zoho.eu/oauth/v2/token', /server that is not the connection's own/],
    ['//recruit.zoho.eu/recruit/v2/org', /must not begin with `\/\/`/],
    ['recruit/bulk/v2/read', /must begin with `\/recruit\/`/],
    ['/Recruit/v2/org', /must begin with `\/recruit\/`/],
    ['recruit', /must begin with `\/recruit\/`/],
    ['/recruit/../oauth/v2/token', /leads out of the Recruit API/],
    ['../oauth', /leads out of the Recruit API/],
    ['Candidates/search?criteria=(Last_Name:equals:Lee and City:equals:Bern)', /has a space/],
    ['Candidates/search?word=a\\b', /has a backslash/],
    ['Candidates/search?word=a\nb', /line break/],
    ['/recruit/%2e%2e/x', /encoded `\.`, `\/` or `\\`, which is allowed only in the query/],
    ['Candidates;x=1', /semicolon/],
    ['Candidates/search?word=C#&page=2', /has a `#`: encode it as %23/],
  ])('%s, and names the cause', async (path, cause) => {
    const { acme, server } = await startConnected()
    const error = await acme.fetch(path).catch((thrown: Error & { code: string }) => thrown)
    expect((error as { code: string }).code).toBe('argument-invalid')
    expect((error as Error).message).toMatch(cause)
    expect((error as Error).message).toMatch(/Use a (path|URL) .*`Candidates/)
    expect(server.received).toEqual([])
  })

  it.each([
    (origin: string) => origin.replace('//', '//user:password@'),
    (origin: string) => origin.replace('http:', 'https:'),
    (origin: string) => origin.replace('127.0.0.1', '127.0.0.2'),
    (origin: string) => `${origin}0`,
    (origin: string) => origin.replace('127.0.0.1', 'localhost'),
    (origin: string) => `blob:${origin}`,
  ])('another origin than its own: %#', async (change) => {
    const { acme, server } = await startConnected()
    expect(await errorCodeOf(acme.fetch(`${change(server.origin)}/recruit/v2/org`))).toBe(
      'argument-invalid',
    )
    expect(server.received).toEqual([])
  })

  it('the accounts server, and names the servers that are allowed', async () => {
    const { acme, eu, upload, server } = await startConnected()
    const dataCenters = { eu: { ...eu, accountsServer: 'https://accounts.example.com' } }
    expect(dataCenters.eu.accountsServer).not.toBe(server.origin)
    await expect(acme.fetch('https://accounts.example.com/oauth/v2/token')).rejects.toThrow(
      `Use a URL at ${server.origin} or ${upload.origin}, or a path such as \`Candidates\``,
    )
  })
})

describe("behind the app's own proxy", () => {
  it.each([
    ['/eu/recruit/v2', '/us/recruit/v2/Candidates'],
    ['/eu/recruit/v2', '/'],
    ['/gateway/zoho', '/recruit/v2/Candidates'],
  ])('with `recruitApi` at %s, a URL at %s is refused', async (path, other) => {
    const { client, server, eu } = await startConnected()
    const dataCenters = { eu: { ...eu, recruitApi: server.origin + path } }
    const acme = client({ dataCenters }).connection('acme')
    expect(await errorCodeOf(acme.fetch(server.origin + other))).toBe('argument-invalid')
    expect(server.received).toEqual([])
  })

  it('a path from `/recruit/` on is refused if nobody knows where it is', async () => {
    const { client, server, eu } = await startConnected()
    const dataCenters = { eu: { ...eu, recruitApi: `${server.origin}/gateway/zoho` } }
    const acme = client({ dataCenters }).connection('acme')
    await expect(acme.fetch('/recruit/bulk/v2/read')).rejects.toThrow(
      'does not end in `/recruit/v2`',
    )
    await acme.fetch('Candidates')
    expect(server.received.map(({ url }) => url)).toEqual(['/gateway/zoho/Candidates'])
  })

  it('a URL of records is no upload, if one server has both APIs', async () => {
    const { client, server, eu } = await startConnected()
    const dataCenters = { eu: { ...eu, uploadServer: server.origin } }
    const acme = client({ dataCenters }).connection('acme')
    await acme.fetch(`${server.origin}/recruit/v2/Candidates`)
    expect(server.received[0]?.headers['x-recruit-org']).toBe(undefined)
    const url = `${server.origin}/recruit/v2/upload`
    await acme.fetch(url, { server: 'upload', method: 'POST', body: 'zip' })
    expect(server.received[1]?.headers['x-recruit-org']).toBe('60001')
  })
})

describe('an upload', () => {
  const post: RecruitRequestInit = { method: 'POST', body: new Blob(['zip']) }

  it.each<[string, (origin: string) => string, RecruitRequestInit]>([
    ['by a path and the server', () => 'upload', { ...post, server: 'upload' }],
    ['by a path of Zoho and the server', () => '/recruit/v2/upload', { ...post, server: 'upload' }],
    ['by a URL', (origin) => `${origin}/recruit/v2/upload`, post],
  ])('%s has the stored id of the organization', async (_, pathOf, init) => {
    const { acme, upload, recruitUrls } = await startConnected()
    const response = await acme.fetch(pathOf(upload.origin), init)
    expect(await response.json()).toEqual({ code: 'FILE_UPLOAD_SUCCESS' })
    expect(upload.received.map(({ url, headers }) => [url, headers['x-recruit-org']])).toEqual([
      ['/recruit/v2/upload', '60001'],
    ])
    expect(upload.received[0]?.headers.authorization).toBe(
      `Zoho-oauthtoken ${await acme.accessToken()}`,
    )
    expect(recruitUrls()).toEqual([])
  })

  it("keeps the caller's own id of the organization", async () => {
    const { acme, upload } = await startConnected(['ZohoRecruit.modules.ALL'])
    await acme.fetch('upload', { ...post, server: 'upload', headers: { 'X-RECRUIT-ORG': '7' } })
    expect(upload.received[0]?.headers['x-recruit-org']).toBe('7')
  })

  it('without the scope for the organization is refused, and the scope is named', async () => {
    const { acme, upload } = await startConnected(['ZohoRecruit.modules.ALL'])
    const work = acme.fetch('upload', { ...post, server: 'upload' })
    await expect(work).rejects.toMatchObject({
      code: 'scope-missing',
      connection: 'acme',
      summary: expect.stringMatching(/X-RECRUIT-ORG.*ZohoRecruit\.org\.READ/),
      hint: expect.stringMatching(/Add ZohoRecruit\.org\.ALL/),
    })
    expect(upload.received).toEqual([])
  })

  it('is refused if the id of the organization is not known', async () => {
    const { acme, upload } = await startConnected(undefined, { company_name: 'Acme' })
    await expect(acme.fetch('upload', { ...post, server: 'upload' })).rejects.toMatchObject({
      code: 'argument-invalid',
      message: expect.stringMatching(/X-RECRUIT-ORG.*not known.*Connect again, or set/),
    })
    expect(upload.received).toEqual([])
  })

  it('is refused without an upload server in `dataCenters`', async () => {
    const { client, server } = await startConnected()
    await expect(
      client()
        .connection('acme')
        .fetch('upload', { ...post, server: 'upload' }),
    ).rejects.toThrow('has no `uploadServer`')
    expect(server.received).toEqual([])
  })

  it.each(['cloud', '', null, 5])('with the server %j is refused', async (other) => {
    const { acme } = await startConnected()
    const init = { ...post, server: other } as unknown as RecruitRequestInit
    await expect(acme.fetch('upload', init)).rejects.toThrow('`init.server`')
  })
})

it('every data center of Zoho has an upload server and a sandbox', () => {
  for (const { uploadServer, sandboxApi } of Object.values(zohoDataCenters)) {
    expect(uploadServer).toMatch(/^https:\/\/upload\.zoho/)
    expect(sandboxApi).toMatch(/^https:\/\/recruitsandbox\.zoho.*\/recruit\/v2$/)
  }
  expect(zohoDataCenters.us.uploadServer).toBe('https://upload.zoho.com')
  expect(zohoDataCenters.us.sandboxApi).toBe('https://recruitsandbox.zoho.com/recruit/v2')
})
