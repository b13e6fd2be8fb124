import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A proxy to a server that can lose a reply. */
export interface Proxy {
  readonly url: string
  /**
   * The server still receives what is sent. The proxy drops the server's next reply, calls
   * `beforeReconnect`, and then closes the client's connection.
   */
  loseNextReply(beforeReconnect?: () => Promise<unknown>): void
}

export const proxyTo = async (url: string): Promise<Proxy> => {
  let isLosing = false
  let beforeClose = async (): Promise<unknown> => undefined
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          client.destroy()
          upstream.destroy()
        })
    }
    client.pipe(upstream)
    upstream.on('data', async (reply) => {
      if (!isLosing) return client.write(reply)
      isLosing = false
      await beforeClose()
      client.destroy()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseNextReply(beforeReconnect = async () => undefined) {
      beforeClose = beforeReconnect
      isLosing = true
    },
  }
}
