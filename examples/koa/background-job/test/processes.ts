import { exampleEnvironment } from '@zrecruit-examples/shared-ui/test-support/example-app'
import { freePort } from '@zrecruit-examples/shared-ui/test-support/free-port'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Starts an emulator and the web process for one test. The result starts jobs. */
export const start = async () => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const emulator = createEmulator({ redirectUris: [`${origin}/zoho/callback`] })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  const folder = await mkdtemp(join(tmpdir(), 'zrecruit-job-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const env = {
    ...exampleEnvironment(emulator, port, folder),
    PAGE_SIZE: '4',
    JOB_SECONDS: '1',
  }
  const run = (program: string, ...parameters: string[]) => {
    const child = spawn(
      process.execPath,
      [
        '--conditions=@zrecruit/source',
        '--no-warnings',
        fileURLToPath(new URL(`../src/${program}.ts`, import.meta.url)),
        ...parameters,
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    return { child, ended, out: readText(child.stdout), err: readText(child.stderr) }
  }
  const sql = (statement: string, ...values: string[]) => {
    const database = new DatabaseSync(env.ZOHO_DATABASE, { timeout: 1_000 })
    try {
      return database.prepare(statement).all(...values)
    } finally {
      database.close()
    }
  }
  const web = run('server')
  await once(web.child.stdout, 'data')
  return {
    origin,
    emulator,
    web,
    /** Starts the job. It runs until the test ends it. */
    startJob: () => run('job'),
    /** Runs one round of the job. */
    async runRound() {
      const job = run('job', '--once')
      const [code] = await job.ended
      return { code, out: await job.out, err: await job.err }
    },
    /** A browser that is signed in as a customer. */
    async customer(id: string) {
      const browser = createBrowser()
      await browser.send(`${origin}/sign-in?as=${id}`, { method: 'POST', headers: { origin } })
      return {
        page: async () => (await browser.open(origin)).text,
        connect: async (account: 'us' | 'eu') =>
          browser.submit(await browser.open(`${origin}/zoho/connect`), {
            decision: 'approve',
            account,
          }),
        post: (path: string) =>
          browser.send(origin + path, { method: 'POST', headers: { origin } }),
      }
    },
    sql,
    /** The sorted ids of the candidates that the app has copied for a customer. */
    copiedIds: (id: string): string[] =>
      sql('SELECT id FROM candidates WHERE customer = ? ORDER BY id', id).map((row) =>
        String(row['id']),
      ),
  }
}

/** The sorted ids of the candidates in a data center of Zoho. */
export const idsAtZoho = async (
  emulator: Awaited<ReturnType<typeof start>>['emulator'],
  dataCenter: 'us' | 'eu',
): Promise<string[]> => {
  const token = emulator.tokens().accessTokens.find((one) => one.dataCenter === dataCenter)
  const response = await fetch(`${emulator.dataCenters[dataCenter].recruitApi}/Candidates`, {
    headers: { authorization: `Zoho-oauthtoken ${token?.token}` },
  })
  return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id).toSorted()
}

const readText = async (stream: ChildProcess['stdout']): Promise<string> =>
  stream ? text(stream) : ''
