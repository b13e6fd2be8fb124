import { describe, expect, it, onTestFinished } from 'vitest'
import { isRecruitOAuthError, type RecruitOAuthOptions } from '../../src/index.ts'
import { startTcp } from '../endpoints/server.ts'
import { errorCodeOf, connect, startSetup } from './setup.ts'

// G9 in docs/trust.md: every error of a public method is the library's own.

/** A connected client. The Recruit API sends `bytes` as its HTTP response. */
const startWithRawResponse = async (bytes: string | Buffer) => {
  const tcp = await startTcp((socket) => socket.once('data', () => socket.end(bytes)))
  onTestFinished(() => tcp.close())
  const setup = await startSetup()
  await connect(setup)
  const [eu] = Object.values(setup.options().dataCenters ?? {})
  const dataCenters = { eu: { ...eu!, recruitApi: `${tcp.origin}/recruit/v2` } }
  return { ...setup, acme: setup.client({ dataCenters }).connection('acme') }
}

/** A connected client. Its `fetch` calls `api` for the Recruit API, and sends other requests. */
const startWithFetch = async (api: (init: RequestInit) => unknown) => {
  const setup = await startSetup()
  await connect(setup)
  const custom = (url: string, init: RequestInit) =>
    url.includes('/recruit/') ? api(init) : fetch(url, init)
  return {
    ...setup,
    acme: setup.client({ fetch: custom as RecruitOAuthOptions['fetch'] }).connection('acme'),
  }
}

const rejectionOf = async (work: Promise<unknown>): Promise<{ code?: string; cause?: unknown }> =>
  work.then(
    () => {
      throw new Error('The promise did not reject.')
    },
    (reason: { code?: string; cause?: unknown }) => reason,
  )

describe('G9: fetch() with an unusual response of the Recruit API', () => {
  it.each([600, 700, 999])(
    'rejects with response-malformed if the status is %i',
    async (status) => {
      const { acme } = await startWithRawResponse(
        `HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\n{}`,
      )
      expect(await rejectionOf(acme.fetch('org'))).toMatchObject({
        code: 'response-malformed',
        zohoStatus: status,
      })
    },
  )

  it.each([0.5, -1, 199, 100, 1_000, NaN, Infinity, '200', null, undefined])(
    'rejects with a RecruitOAuthError if a custom fetch returns the status %s',
    async (status) => {
      const { acme } = await startWithFetch(() => ({
        status,
        statusText: '',
        headers: new Headers(),
        body: null,
      }))
      expect(await errorCodeOf(acme.fetch('org'))).toMatch(
        /^(response-malformed|configuration-invalid)$/,
      )
    },
  )

  it.each(['Ungültig', '無効', 'a\x01b', '\xff\xfe'])(
    'returns the response without its invalid reason phrase %j',
    async (phrase) => {
      for (const [status, body] of [
        [200, '{"data":[]}'],
        [401, '{"code":"NO_PERMISSION"}'],
        [401, '{"code":"INVALID_TOKEN"}'],
      ] as const) {
        const { acme } = await startWithRawResponse(
          Buffer.from(
            `HTTP/1.1 ${status} ${phrase}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          ),
        )
        const response = await acme.fetch('org').catch((error: unknown) => error)
        // Some runtimes reject these bytes before the library gets a response. Then the library
        // reports that the API is unreachable.
        if (!(response instanceof Response))
          expect(response).toMatchObject({ code: 'recruit-unreachable' })
        else expect([response.status, await response.text()]).toEqual([status, body])
      }
    },
  )

  it('returns the response with a valid reason phrase', async () => {
    const { acme } = await startWithRawResponse(
      'HTTP/1.1 401 Not Today\r\nContent-Length: 2\r\n\r\n{}',
    )
    expect((await acme.fetch('org')).statusText).toBe('Not Today')
  })

  it.each(['{"code":', ''])(
    'rejects with recruit-unreachable if the body of a 401 ends after %j',
    async (partialBody) => {
      const { acme } = await startWithRawResponse(
        `HTTP/1.1 401 X\r\nContent-Length: 1000\r\n\r\n${partialBody}`,
      )
      const error = await rejectionOf(acme.fetch('org'))
      // An error has no `cause`, because errors of the platform can contain secrets.
      expect([error.code, error.cause]).toEqual(['recruit-unreachable', undefined])
    },
  )

  it.each<[string, string]>([
    ['is empty', ''],
    ['uses another protocol', 'SSH-2.0-OpenSSH\r\n'],
    ['has an invalid header', 'HTTP/1.1 200 OK\r\nb\x00d: \x00\r\n\r\n'],
    ['has an invalid chunk', 'HTTP/1.1 401 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    [
      'has an invalid content coding',
      'HTTP/1.1 401 X\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!',
    ],
  ])('rejects with a RecruitOAuthError if the response %s', async (_, bytes) => {
    const { acme } = await startWithRawResponse(bytes)
    const error = await acme.fetch('org').catch((reason: unknown) => reason)
    expect(isRecruitOAuthError(error)).toBe(true)
  })
})

/** A function that throws `value`. Third-party code can throw values that are not errors. */
const functionThrowing = (value: unknown) => (): never => {
  throw value
}

describe('G9: a custom fetch', () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('canary')
      },
      has: () => {
        throw new Error('canary')
      },
      getPrototypeOf: () => {
        throw new Error('canary')
      },
    },
  )
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('canary')
      },
    ],
    ['throws a string', functionThrowing('canary')],
    ['throws undefined', functionThrowing(undefined)],
    ['throws a hostile object', functionThrowing(hostile)],
    ['rejects', async () => Promise.reject(new TypeError('canary'))],
    ['returns undefined', () => undefined],
    ['returns null', async () => null],
    ['returns a string', async () => 'canary'],
    ['returns an object', async () => ({ canary: 1 })],
    [
      'returns an object whose getter throws',
      async () => ({
        status: 200,
        get headers() {
          throw new Error('canary')
        },
      }),
    ],
    ['returns an array of a hostile object', () => [hostile]],
    [
      'returns invalid headers',
      async () => ({ status: 200, statusText: '', headers: 7, body: null }),
    ],
    [
      'returns an invalid body',
      async () => ({ status: 401, statusText: '', headers: new Headers(), body: { canary: 1 } }),
    ],
    [
      'returns a body that was read',
      async () => {
        const read = new Response('x', { status: 401 })
        await read.text()
        return read
      },
    ],
    [
      'returns a redirect whose body cannot be cancelled',
      async () => ({
        status: 302,
        headers: new Headers(),
        body: { cancel: async () => Promise.reject(new Error('canary')) },
      }),
    ],
    ['returns a network error', async () => Response.error()],
  ])('that %s makes fetch() and refresh() reject with a RecruitOAuthError', async (_, api) => {
    const { acme, client } = await startWithFetch(api)
    const connection = client({ fetch: api as RecruitOAuthOptions['fetch'] }).connection('acme')
    for (const work of [() => acme.fetch('org'), () => connection.refresh()]) {
      const error = await work().catch((reason: unknown) => reason)
      expect(isRecruitOAuthError(error)).toBe(true)
      expect(`${(error as Error).message} ${(error as Error).stack}`).not.toContain('canary')
    }
  })
})
