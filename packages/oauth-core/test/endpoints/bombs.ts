import { constants, deflateRawSync } from 'node:zlib'
import type { Reply } from './server.ts'

const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
/** 16 MiB of spaces, compressed without an end marker, so that pieces can be concatenated. */
const piece = deflateRawSync(Buffer.alloc(16 << 20, 0x20), { finishFlush: constants.Z_FULL_FLUSH })

/** A gzip of 1 MB that contains 1 GiB, although the request accepts only `identity`. */
export const gzipBomb: Reply = (response) => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    .write(gzipHeader)
  for (let pieces = 0; pieces < 64; pieces++) response.write(piece)
  response.end(deflateRawSync('{}'))
}

/** Sends `bytes` bytes as fast as the client reads them, until it closes the connection. */
export const flood =
  (bytes: number, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    const chunk = Buffer.alloc(65_536, 0x20)
    let left = bytes
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length
        if (!response.write(chunk)) return void response.once('drain', more)
      }
      if (!response.destroyed) response.end()
    }
    more()
  }

/** Sends a Content-Length of ten gigabytes and only a few bytes. */
export const claim: Reply = (response) =>
  void response
    .writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(10 * 1024 ** 3),
    })
    .write('{"access_token":"')

/** Sends status and headers at once, then single bytes of the body with pauses. */
export const drip: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}
