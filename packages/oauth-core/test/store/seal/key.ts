import type { RandomBytes } from '../../../src/config/host.ts'

export const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length))

/** A secret of 32 equal bytes. */
export const secretKey = (byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(byte)
