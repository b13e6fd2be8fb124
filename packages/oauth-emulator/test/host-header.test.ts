import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { start, readState } from './support.ts'

type Started = Awaited<ReturnType<typeof start>>

/** A URL of each server of the data center `us`. */
const servers = (emulator: Started): URL[] => {
  const { accountsServer, recruitApi, apiDomain, uploadServer, sandboxApi } =
    emulator.dataCenters.us
  const urls = [
    `${accountsServer}/_emulator/settings`,
    `${recruitApi}/Candidates`,
    apiDomain,
    `${uploadServer}/recruit/v2/upload`,
    `${sandboxApi}/Candidates`,
  ]
  return urls.map((url) => new URL(url))
}

/** Sends bytes and reads until the server closes the connection. */
async function sendRaw(
  port: string,
  ...lines: string[]
): Promise<{ status: number; text: string }> {
  const socket = connectSocket(Number(port), '127.0.0.1')
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1')
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await once(socket, 'close')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text }
}

const ownHosts = [
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  'localhost',
  'LOCALHOST',
  'zoho.localhost',
  'a.B-c.localhost',
  '[::1]',
  'accounts.us.emulator.localhost',
  'localhost:1',
  '127.0.0.1:65535',
  '[::1]:4800',
  'accounts.us.emulator.localhost:80',
]

const foreignHosts = [
  'evil.test',
  'evil.test:4800',
  'localhost.evil.test',
  '127.0.0.1.evil.test',
  'evillocalhost',
  'localhost-evil',
  'xlocalhost:80',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.01',
  '127.0.0.256',
  '127.0.0.1.',
  'localhost.',
  '0.0.0.0',
  '0',
  '10.0.0.1',
  '128.0.0.1',
  '[::]',
  '[::2]',
  '[::1%lo]',
  '[::1%25lo]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:0:0:1]',
  '::1',
  'user@localhost',
  'localhost@evil.test',
  'evil.test@localhost',
  'localhost/evil',
  'localhost#',
  'localhost:',
  'localhost:65536',
  'localhost:x',
  'localhost:80:80',
  'localhost, evil.test',
  'localhost evil.test',
  '.localhost',
  'a..localhost',
  'localhost\t.evil.test',
  'localhost%00',
  '\u00E9.localhost',
]

// The settings, the API without a token, and a server without Recruit.
const acceptedStatuses = [200, 401, 404]
/** A text of the settings. A refused request must not show it. */
const settingsText = 'codeLifeSeconds'

describe('the Host header', () => {
  it('G5: every server accepts only Host names of this machine', async () => {
    const emulator = await start()
    for (const { port, pathname } of servers(emulator)) {
      const ask = (host: string) => sendRaw(port, `GET ${pathname} HTTP/1.1`, `Host: ${host}`)
      for (const host of ownHosts)
        expect((await ask(host)).status, host).toBeOneOf(acceptedStatuses)
      const before = readState(emulator)
      for (const host of foreignHosts) {
        const { status, text } = await ask(host)
        expect(status, host).toBe(421)
        expect(text).toContain('use 127.0.0.1, localhost')
        expect(text).not.toContain(settingsText)
      }
      expect(readState(emulator)).toEqual(before)
    }
  })

  it('G5: a request without exactly one Host is refused', async () => {
    const emulator = await start()
    for (const { port, pathname } of servers(emulator)) {
      const before = readState(emulator)
      for (const lines of [
        [`GET ${pathname} HTTP/1.1`],
        [`GET ${pathname} HTTP/1.0`],
        [`GET ${pathname} HTTP/1.1`, 'Host:'],
        [`GET ${pathname} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Host: evil.test'],
        [`GET ${pathname} HTTP/1.1`, 'Host: evil.test', `Host: 127.0.0.1:${port}`],
        [`GET ${pathname} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `HOST: 127.0.0.1:${port}`],
      ]) {
        const { status, text } = await sendRaw(port, ...lines)
        expect([status, text], lines.join(' | ')).toEqual([
          400,
          expect.stringMatching(/Host header.*: send exactly one/),
        ])
      }
      expect(readState(emulator)).toEqual(before)
    }
  })

  it('G5: the host of an absolute target must be equal to the Host header, and local', async () => {
    const emulator = await start()
    for (const { port, pathname } of servers(emulator)) {
      const own = `127.0.0.1:${port}`
      const ask = async (target: string, host: string) =>
        (await sendRaw(port, `GET ${target}${pathname} HTTP/1.1`, `Host: ${host}`)).status
      expect(await ask(`http://${own}`, own)).toBeOneOf(acceptedStatuses)
      for (const [target, host] of [
        ['http://evil.test', own],
        [`http://${own}`, 'evil.test'],
        ['http://evil.test', 'evil.test'],
        [`http://${own}@evil.test`, own],
        [`HTTP://user@${own}`, own],
        [`http://localhost:${port}`, own],
      ] as const)
        expect(await ask(target, host), `${target} ${host}`).toBe(421)
    }
  })

  it('G5: `emulator.fetch()`, which needs no port, also refuses foreign Host headers', async () => {
    const emulator = await start()
    for (const { href } of servers(emulator)) {
      expect((await emulator.fetch(href, { headers: { host: 'localhost' } })).status).toBeOneOf(
        acceptedStatuses,
      )
      expect((await emulator.fetch(href, { headers: { host: 'evil.test' } })).status).toBe(421)
    }
  })
})
