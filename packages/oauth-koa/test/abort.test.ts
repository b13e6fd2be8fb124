import { connect as dial } from 'node:net'
import { EventEmitter, once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { connect, startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

const script = { accept: 'application/json' }

describe.each(koaVersions)('an aborted request, on %s', (_, Framework) => {
  it('completes its refresh once, and the next request is answered', async () => {
    const app = await startApp(new Framework())
    await connect(app)
    app.emulator.advanceClock(3_600)
    app.emulator.addFault({ on: 'token', kind: 'latency', seconds: 0.3, times: 1 })
    const before = app.emulator.calls().token
    const { port } = app.server.address() as { port: number }
    for (let count = 0; count < 5; count++) {
      const socket = dial(port, '127.0.0.1')
      socket.write(
        'GET /candidates HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n',
      )
      await once(app.server, 'request')
      socket.destroy()
    }
    await expect.poll(() => app.emulator.calls().token - before).toBe(1)
    expect(JSON.parse((await sendRaw(app.origin, '/candidates', script)).text)).toEqual({
      status: 200,
    })
    expect(app.emulator.calls().token - before).toBe(1)
    expect(app.errors).toEqual([])
    // No client is connected, so the server closes at once.
    app.server.close()
    await once(app.server, 'close', { signal: AbortSignal.timeout(1_000) })
  })

  it('causes no error when the app identifies the user afterwards', async () => {
    const signIn = new EventEmitter()
    const app = await startApp(new Framework(), {
      oauth: {
        connectionFor: () => once(signIn, 'done').then(() => ({ id: 'acme', principal: 'alice' })),
      },
    })
    const { port } = app.server.address() as { port: number }
    const socket = dial(port, '127.0.0.1')
    socket.write('GET /zoho/connect HTTP/1.1\r\nhost: localhost\r\n\r\n')
    const [, response] = (await once(app.server, 'request')) as [unknown, NodeJS.EventEmitter]
    socket.destroy()
    await once(response, 'close')
    signIn.emit('done')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(app.errors).toEqual([])
  })
})
