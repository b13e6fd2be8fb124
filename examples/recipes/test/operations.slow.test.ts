import { nodeCommand } from '@zrecruit-examples/shared-ui/test-support/example-app'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { freePort } from '@zrecruit/testing/ports'
import { startPostgres, type Service } from '@zrecruit/testing/services'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

const emulator = createEmulator()
const encryptionKey = randomBytes(32).toString('base64')
let postgres: Service
let publicPort: number
beforeAll(async () => {
  postgres = await startPostgres()
  publicPort = await freePort()
  emulator.addRedirectUris([`http://localhost:${publicPort}/zoho/callback`])
  await emulator.listen({ port: 0 })
})
afterAll(async () => {
  await emulator.close()
  await postgres.stop()
})

/** Starts the recipe as one of several processes behind one public address. */
const startReplica = async (port: number) => {
  const [program = '', ...parameters] = nodeCommand(
    new URL('../src/operations.ts', import.meta.url),
  )
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: postgres.url,
      ZOHO_CLIENT_ID: emulator.client.id,
      ZOHO_CLIENT_SECRET: emulator.client.secret,
      ZOHO_REDIRECT_URI: `http://localhost:${publicPort}/zoho/callback`,
      ZOHO_ENCRYPTION_KEYS: encryptionKey,
      ZOHO_DATA_CENTERS: JSON.stringify(emulator.dataCenters),
    },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit') as Promise<[code: number | null]>
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  await Promise.race([once(child.stdout, 'data'), ended])
  const origin = `http://localhost:${port}`
  const statusOf = async (path: string) => (await fetch(origin + path)).status
  return {
    origin,
    statusOf,
    terminate: () => child.kill('SIGTERM'),
    ended: async () => ({ code: (await ended)[0], output }),
  }
}

it('several replicas share the connections, report their health and stop cleanly', async () => {
  const [first, second] = await Promise.all([
    startReplica(publicPort),
    startReplica(await freePort()),
  ])
  for (const { statusOf } of [first, second])
    expect([await statusOf('/live'), await statusOf('/ready')]).toEqual([200, 200])
  const browser = createBrowser()
  const consent = await browser.open(`${first.origin}/zoho/connect?returnTo=/candidates`)
  expect((await browser.submit(consent, { decision: 'approve' })).status).toBe(200)
  expect(await second.statusOf('/candidates')).toBe(200)

  // A request that is open when the process is told to stop gets its response.
  emulator.addFault({ on: 'api', kind: 'latency', seconds: 1, times: 1 })
  const open = second.statusOf('/candidates')
  await expect.poll(() => emulator.faults()[0]?.struck).toBe(1)
  second.terminate()
  expect(await open).toBe(200)
  expect(await second.ended()).toEqual({ code: 0, output: expect.stringContaining('stopped') })
  expect(await first.statusOf('/candidates')).toBe(200)

  await postgres.stop()
  expect([await first.statusOf('/live'), await first.statusOf('/ready')]).toEqual([200, 503])
  // Served from memory, for `serveWithoutStoreMs`.
  expect(await first.statusOf('/candidates')).toBe(200)
  first.terminate()
  expect((await first.ended()).code).toBe(0)
})
