import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from '../experiment.ts'

/** A TCP proxy between an app and the server of its store, with faults. */
export interface Proxy {
  /** The server's URL with the port of this proxy. */
  readonly url: string
  /** Drops all bytes in both directions. New connections are still accepted. */
  dropBytes(isOn: boolean): void
  /** Delays each response; 0 turns the delay off. */
  delay(ms: number): void
  /** Closes the connection when the server answers next, so that the app gets no response. */
  cutNextResponse(): void
  /** The number of responses that were cut off. */
  readonly cuts: () => number
}

export const startProxy = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  target: string,
): Promise<Proxy> => {
  const server = new URL(target)
  const open = new Set<Socket>()
  const state = { dropsBytes: false, delayMs: 0, cutsNext: false, cuts: 0 }

  const connectToServer = (client: Socket): void => {
    const upstream = connect(Number(server.port), server.hostname)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        if (!state.dropsBytes) other.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (!state.dropsBytes) upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (state.dropsBytes) return
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
  const listener = createServer(connectToServer).listen(0, '127.0.0.1')
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
    dropBytes(isOn) {
      state.dropsBytes = isOn
      // These connections have lost bytes, so they cannot be used any more.
      if (!isOn) for (const socket of open) socket.destroy()
    },
    delay: (ms) => void (state.delayMs = ms),
    cutNextResponse: () => void (state.cutsNext = true),
    cuts: () => state.cuts,
  }
}
