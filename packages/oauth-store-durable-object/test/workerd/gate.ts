import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A server that every outgoing call of the objects passes. A held call waits until it is let
 * through or its process is killed.
 */
export const startGate = async () => {
  const passed: string[] = []
  const held = new Map<string, ServerResponse[]>()
  const waiting = new Map<string, () => void>()
  const server = createServer((request, response) => {
    let point = ''
    request.on('data', (chunk) => (point += String(chunk)))
    request.on('end', () => {
      passed.push(point)
      const responses = held.get(point)
      if (!responses) return void response.end()
      responses.push(response)
      waiting.get(point)?.()
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    /** Holds all calls at this point from now on. `reached` resolves when the first one arrives. */
    hold: (point: string) => ({
      reached: new Promise<void>((resolve) => {
        held.set(point, [])
        waiting.set(point, resolve)
      }),
    }),
    letThrough(point: string) {
      for (const response of held.get(point) ?? []) response.end()
      held.delete(point)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
