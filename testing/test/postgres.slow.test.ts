import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startChild } from '../processes/index.ts'
import type { StartPostgresCommands } from './start-postgres.ts'

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () =>
      resolve(false),
    )
    socket.once('connect', () => socket.destroy())
  })

it(
  'the server and its data are removed when the process that started it is killed',
  { timeout: 60_000 },
  async () => {
    const module = new URL('start-postgres.ts', import.meta.url)
    const child = await startChild<StartPostgresCommands>(module)
    const { url, directory } = await child.request('location')
    const base = dirname(directory)
    const port = Number(new URL(url).port)
    expect([await listens(port), existsSync(base)]).toEqual([true, true])
    child.kill('SIGKILL')
    await child.exited
    const giveUpAt = performance.now() + 30_000
    while (((await listens(port)) || existsSync(base)) && performance.now() < giveUpAt)
      await sleep(20)
    expect([await listens(port), existsSync(base)]).toEqual([false, false])
  },
)
