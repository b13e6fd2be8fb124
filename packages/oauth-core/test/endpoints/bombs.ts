import { constants, deflateRawSync } from 'node:zlib'
import type { Reply } from './server.ts'

const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
/**
 * 16 MiB of blanks, closed at a byte and not at an end: such pieces can be put one behind the
 * other.
 */
const piece = deflateRawSync(Buffer.alloc(16 << 20, 0x20), { finishFlush: constants.Z_FULL_FLUSH })

/** A gzip of one megabyte and 1 GiB, sent although `identity` was asked for. */
export const gzipBomb: Reply = (response) => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    .write(gzipHeader)
  for (let pieces = 0; pieces < 64; pieces++) response.write(piece)
  response.end(deflateRawSync('{}'))
}

/** Says `bytes` bytes as fast as they are taken, until the client has had enough. */
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

/** Claims ten gigabytes, says a few bytes and then nothing. */
export const claim: Reply = (response) =>
  void response
    .writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(10 * 1024 ** 3),
    })
    .write('{"access_token":"')

/** The status and headers at once, then a byte of the body now and then. */
export const drip: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}
