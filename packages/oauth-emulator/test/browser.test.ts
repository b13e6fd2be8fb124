import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createBrowser } from '../src/index.ts'

it('createBrowser sends a cookie to all ports of its host, as browsers do', async () => {
  const received: IncomingHttpHeaders[] = []
  const listen = async () => {
    const server = createServer((request, response) => {
      received.push(request.headers)
      response.setHeader('set-cookie', 'session=alice; Path=/').end()
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const browser = createBrowser()
  for (const origin of [await listen(), await listen()]) await browser.open(origin)
  expect(received.map(({ cookie }) => cookie)).toEqual([undefined, 'session=alice'])
  expect(browser.jar.get('127.0.0.1')).toEqual(new Map([['session', 'alice']]))
})
