import { expect } from 'vitest'
import { scopesFor } from '../../../src/index.ts'
import { drop, json } from '../../endpoints/server.ts'
import { minute } from '../setup.ts'
import { errorOf, startConnected } from '../connected.ts'
import { startEmulated, type Case } from './situations.ts'

/** Situations of the Recruit API and of its pages. */
export const recruitApi: readonly Case[] = [
  [
    'bulk-read/create-job',
    'A path from `/recruit/` on is resolved against the host, so a `download_url` works as it is.',
    async () => {
      const { client, consent } = await startEmulated()
      const oauth = client({ scopes: scopesFor({ read: ['candidate'], bulk: 'read' }) })
      await consent('us', oauth)
      const acme = oauth.connection('acme')
      const created = await acme.fetch('/recruit/bulk/v2/read', {
        method: 'POST',
        body: JSON.stringify({ query: { module: 'Candidates' } }),
      })
      const { data } = (await created.json()) as { data: [{ details: { id: string } }] }
      const jobPath = `/recruit/bulk/v2/read/${data[0].details.id}`
      let downloadUrl: string | undefined
      for (let poll = 0; poll < 5 && downloadUrl === undefined; poll++) {
        const job = (await (await acme.fetch(jobPath)).json()) as {
          data: [{ result?: { download_url: string } }]
        }
        downloadUrl = job.data[0].result?.download_url
      }
      const file = await acme.fetch(downloadUrl ?? '')
      const bytes = new Uint8Array(await file.arrayBuffer())
      expect([file.status, String.fromCharCode(...bytes.subarray(0, 2))]).toEqual([200, 'PK'])
    },
  ],
  [
    'bulk-write/upload-file',
    "The upload server is known, and `X-RECRUIT-ORG` comes from the connection's organization.",
    async () => {
      const { client, consent } = await startEmulated()
      const scopes = scopesFor({ create: ['candidate'], bulk: 'write' })
      const oauth = client({ scopes })
      await consent('us', oauth)
      const form = new FormData()
      form.set('file', new Blob(['no zip']), 'candidates.zip')
      const headers = { feature: 'bulk-write' }
      const response = await oauth
        .connection('acme')
        .fetch('upload', { server: 'upload', method: 'POST', headers, body: form })
      // Zoho's documented response to a file that is no ZIP: status 200.
      expect([response.status, JSON.stringify(await response.json())]).toEqual([
        200,
        expect.stringContaining('INVALID_FILE_FORMAT'),
      ])
    },
  ],
  [
    'get-records',
    '304 is a response like any other.',
    async () => {
      const { client, consent } = await startEmulated()
      await consent('us')
      const headers = { 'If-Modified-Since': '2030-01-01T00:00:00+00:00' }
      const response = await client().connection('acme').fetch('Candidates', { headers })
      expect([response.status, response.body]).toEqual([304, null])
    },
  ],
  [
    'a POST whose response is lost',
    'recruit-outcome-unknown',
    async () => {
      const setup = await startConnected()
      setup.script.api = drop
      const init = { method: 'POST', body: '{"data":[{"Last_Name":"Lee"}]}' }
      return errorOf(setup.client().connection('acme').fetch('Candidates', init))
    },
    /before you send it again/,
  ],
  [
    'clients of other Zoho products',
    'These forms count as a refused token, but not inside of records and files.',
    async () => {
      for (const expiredTokenResponse of [
        'INVALID_OAUTHTOKEN',
        'data-list',
        'xml-4834',
        'status-200',
        'status-400',
      ] as const) {
        const { emulator, client, consent } = await startEmulated({ expiredTokenResponse })
        await consent('us')
        emulator.endAccessTokens()
        const response = await client().connection('acme').fetch('Candidates')
        expect([response.status, emulator.calls().token]).toEqual([200, 2])
      }
    },
  ],
  [
    'search-records',
    '`scopesFor` returns all scopes that the pages require.',
    async () => {
      const scopes = scopesFor({ search: ['candidate'], attachments: true })
      const { client, consent } = await startEmulated()
      const oauth = client({ scopes })
      await consent('us', oauth)
      const found = await oauth.connection('acme').fetch('Candidates/search?word=e')
      expect(found.status).toBe(200)
      const [candidate] = ((await found.json()) as { data: [{ id: string }] }).data
      const files = await oauth.connection('acme').fetch(`Candidates/${candidate.id}/Attachments`)
      expect(files.status).toBe(204)
    },
  ],
  [
    'dereekb/dbx-components',
    'The slash makes no difference, nor do a default port and upper case.',
    async () => {
      const { client, consent } = await startEmulated({ accountsServerTrailingSlash: true })
      await consent('eu')
      expect((await client().connection('acme').fetch('Candidates')).status).toBe(200)
    },
  ],
  [
    'get-org-data',
    'The user is stored and compared. `onEvent` gets `identity-incomplete`.',
    async () => {
      const events: string[] = []
      const { client, consent } = await startEmulated({ zgidInOrganization: false })
      const oauth = client({
        scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ', 'ZohoRecruit.users.READ'],
        onEvent: ({ type }) => void events.push(type),
      })
      await consent('us', oauth)
      const { identity } = await oauth.connection('acme').status()
      expect([identity?.organizationId, typeof identity?.userId]).toEqual([undefined, 'string'])
      expect(events).toContain('identity-incomplete')
    },
  ],
  [
    'obot-platform/obot#6265',
    'token-request-rejected',
    async () => {
      const setup = await startConnected()
      setup.time.advance(61 * minute)
      setup.script.token = json({ status: 'failure', error_code: 'INVALID_INPUT' })
      const error = await errorOf(setup.client().connection('acme').accessToken())
      expect([error.zohoError, error.remedy]).toEqual(['INVALID_INPUT', 'fix-configuration'])
      return error
    },
    /Correct the scopes, or the client/,
  ],
  [
    'rclone/rclone#9570',
    'accounts-server-unavailable',
    async () => {
      const setup = await startConnected()
      setup.time.advance(61 * minute)
      const before = setup.time.now()
      setup.script.token = json({}, 503, { 'retry-after': '120' })
      const error = await errorOf(setup.client().connection('acme').accessToken())
      expect((error.retryAt as number) - before).toBeGreaterThanOrEqual(120_000)
      return error
    },
    /Call again later/,
  ],
  [
    'other Zoho products, lifetimes',
    "Such a lifetime counts as Zoho's hour.",
    async () => {
      for (const expiresIn of ['zero', 'empty', 'fraction', 'missing'] as const) {
        const { client, consent } = await startEmulated({ expiresIn })
        await consent('us')
        const { accessToken } = await client().connection('acme').status()
        expect(accessToken?.expiresInMs).toBeGreaterThan(59 * minute)
      }
    },
  ],
  [
    'an administrator who leaves',
    "`allowAccountSwitch: 'same-organization'` accepts another user of the organization.",
    async () => {
      const { emulator, client, consent } = await startEmulated()
      const oauth = client({
        scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ', 'ZohoRecruit.users.READ'],
        allowAccountSwitch: 'same-organization',
      })
      await consent('us', oauth)
      const colleague = { dataCenter: 'us', firstName: 'Cem', lastName: 'Kaya' } as const
      await consent(emulator.addUser(colleague).user, oauth)
      expect((await oauth.connection('acme').status()).identity?.userName).toBe('Cem Kaya')
    },
  ],
]
