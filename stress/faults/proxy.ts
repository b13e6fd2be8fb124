import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from '../experiment.ts'

/** What lies between an app and its store's server, and can go wrong. */
export interface Proxy {
  /** The server's address, with this proxy's port in place of its own. */
  readonly url: string
  /**
   * Swallows all bytes in both directions, of standing connections and of new ones, which are
   * taken.
   */
  swallow(on: boolean): void
  /** Holds each answer back for so long; 0 is none. */
  delay(ms: number): void
  /**
   * Breaks the connection on which the server answers next, before the app hears of it: the command
   * was done.
   */
  cutNextAnswer(): void
  /** How often it cut. */
  readonly cuts: () => number
}

export const startProxy = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  target: string,
): Promise<Proxy> => {
  const server = new URL(target)
  const open = new Set<Socket>()
  const state = { swallows: false, delayMs: 0, cutsNext: false, cuts: 0 }

  const pair = (client: Socket): void => {
    const behind = connect(Number(server.port), server.hostname)
    for (const [one, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      open.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        if (!state.swallows) other.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (!state.swallows) behind.write(bytes)
    })
    behind.on('data', (bytes) => {
      if (state.swallows) return
      if (state.cutsNext) {
        state.cutsNext = false
        state.cuts += 1
        client.destroy()
        return
      }
      if (state.delayMs === 0) client.write(bytes)
      else setTimeout(() => client.writable && client.write(bytes), state.delayMs)
    })
  }
  const listener = createServer(pair).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  atEnd(() => {
    listener.close()
    for (const socket of open) socket.destroy()
  })
  server.port = `${(listener.address() as AddressInfo).port}`
  const url = server.href
  server.port = new URL(target).port
  return {
    url,
    swallow(on) {
      state.swallows = on
      // What was swallowed is gone: those connections make no sense any more.
      if (!on) for (const socket of open) socket.destroy()
    },
    delay: (ms) => void (state.delayMs = ms),
    cutNextAnswer: () => void (state.cutsNext = true),
    cuts: () => state.cuts,
  }
}
