import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A free port on loopback. It lies below the range from which the system picks ports, so that no
 * other program is assigned it before the app listens.
 */
export const freePort = async (): Promise<number> => {
  const port = randomInt(10_000, 30_000)
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return port
  } catch {
    return freePort()
  } finally {
    server.close()
  }
}
