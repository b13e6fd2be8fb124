import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () =>
      resolve(false),
    )
    socket.once('connect', () => socket.destroy())
  })

it(
  'a PostgreSQL of ours goes, with its data, when the process that started it is killed',
  { timeout: 60_000 },
  async () => {
    const process = fork(fileURLToPath(new URL('start-postgres.ts', import.meta.url)), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    const [{ url, directory }] = (await once(process, 'message')) as [
      { url: string; directory: string },
    ]
    const base = dirname(directory)
    const port = Number(new URL(url).port)
    expect([await listens(port), existsSync(base)]).toEqual([true, true])
    process.kill('SIGKILL')
    await once(process, 'exit')
    const giveUpAt = performance.now() + 30_000
    while (((await listens(port)) || existsSync(base)) && performance.now() < giveUpAt)
      await sleep(20)
    expect([await listens(port), existsSync(base)]).toEqual([false, false])
  },
)
