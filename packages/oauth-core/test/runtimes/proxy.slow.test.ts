import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { connect, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { accessToken, refreshToken } from '../endpoints/calls.ts'
import { authority, certificate, certificateKey } from './certificate.ts'
import type { Outcome, EndpointRequest } from './inside.ts'
import { runIn, type Runtime } from './run-in.ts'

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/**
 * An accounts server with a certificate only for `accounts.right.test`, and a proxy that connects
 * every name to it.
 */
const startBehindProxy = async () => {
  const hosts: string[] = []
  const proxyRequests: string[] = []
  const relayed: Buffer[] = []
  const accountsServer = createServer(
    { cert: certificate, key: certificateKey },
    (request, response) => {
      hosts.push(String(request.headers.host))
      request.resume().on('end', () => response.end(JSON.stringify({ access_token: accessToken })))
    },
  )
  const port = await listen(accountsServer)
  const proxy = createHttpServer((request, response) => {
    proxyRequests.push(`${request.method} ${request.url}`)
    response.writeHead(502).end()
  })
  proxy.on('connect', (request, client) => {
    proxyRequests.push(`CONNECT ${request.url}`)
    const upstream = connect(port, '127.0.0.1', () =>
      client.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    )
    client
      .on('data', (chunk: Buffer) => relayed.push(chunk))
      .on('error', () => upstream.destroy())
      .pipe(upstream)
    upstream.on('error', () => client.destroy()).pipe(client)
  })
  const proxyPort = await listen(proxy)
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-proxy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const trusted = join(folder, 'authority.pem')
  writeFileSync(trusted, authority)
  const env = {
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    NODE_EXTRA_CA_CERTS: trusted,
    DENO_CERT: trusted,
  }
  const refresh = async (
    runtime: Runtime,
    names: readonly string[],
    more: Record<string, string> = {},
  ) => {
    const requests = names.map((name): EndpointRequest => ({
      verb: 'refresh',
      origin: `https://${name}`,
      deadlineMs: 4_000,
      isWarm: false,
    }))
    const { result, stderr } = await runIn(runtime, `inside.sendAll(${JSON.stringify(requests)})`, {
      ...env,
      ...more,
    })
    return { words: (result as Outcome[]).map(({ ok, code }) => (ok ? 'ok' : code)), stderr }
  }
  return { hosts, proxyRequests, relayed, refresh }
}

it.each<[string, Runtime, Record<string, string>]>([
  ['Node with NODE_USE_ENV_PROXY=1', 'node', { NODE_USE_ENV_PROXY: '1' }],
  ['Bun', 'bun', {}],
  ['Deno', 'deno', {}],
])(
  'T19: %s uses HTTPS_PROXY, and neither the proxy nor a host without a certificate sees a secret',
  async (_, runtime, env) => {
    const { hosts, proxyRequests, relayed, refresh } = await startBehindProxy()
    const { words } = await refresh(runtime, ['accounts.right.test', 'accounts.wrong.test'], env)
    expect(words).toEqual(['ok', 'accounts-server-unreachable'])
    expect(hosts).toEqual(['accounts.right.test'])
    expect(new Set(proxyRequests)).toEqual(
      new Set(['CONNECT accounts.right.test:443', 'CONNECT accounts.wrong.test:443']),
    )
    const text = Buffer.concat(relayed).toString('latin1')
    for (const secret of [refreshToken, 'current/secret', 'client_secret', 'oauth/v2'])
      expect(text).not.toContain(secret)
  },
)

it.each<[string, Runtime, Record<string, string>]>([
  ['Node', 'node', { NODE_USE_ENV_PROXY: '1' }],
  ['Bun', 'bun', {}],
  ['Deno', 'deno', {}],
])('%s reports a proxy that requires authentication', async (_, runtime, env) => {
  const proxy = createHttpServer().on('connect', (_request, client) => {
    client.on('error', () => {})
    client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
  })
  const request: EndpointRequest = {
    verb: 'refresh',
    origin: 'https://accounts.right.test',
    deadlineMs: 4_000,
    isWarm: false,
  }
  const { result } = await runIn(runtime, `inside.sendAll(${JSON.stringify([request])})`, {
    HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}`,
    ...env,
  })
  expect((result as Outcome[]).map(({ code }) => code)).toEqual(['proxy-authentication-required'])
})

it.each<[string, Runtime]>([
  ['Node without NODE_USE_ENV_PROXY=1', 'node'],
  ['workerd, which reads no environment,', 'workerd'],
])('T19: %s ignores HTTPS_PROXY', async (_, runtime) => {
  const { proxyRequests, refresh } = await startBehindProxy()
  expect([(await refresh(runtime, ['accounts.right.test'])).words, proxyRequests]).toEqual([
    ['accounts-server-unreachable'],
    [],
  ])
})

it('T3: Node warns if NODE_TLS_REJECT_UNAUTHORIZED=0 disables the checks', async () => {
  const { refresh } = await startBehindProxy()
  const { stderr, words } = await refresh('node', ['accounts.wrong.test'], {
    NODE_USE_ENV_PROXY: '1',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  })
  expect(words).toEqual(['ok'])
  expect(stderr).toMatch(
    /NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections .*insecure/,
  )
})
