import { toBase64url, utf8 } from '../../internal/text.ts'

/** What a sealed text is for; each purpose has a key of its own, derived from the same secret. */
export type Purpose = 'record' | 'browser-binding' | 'code-quota'

export interface SealingKey {
  /** Eight characters that name the key in the envelope and tell nothing about it. */
  readonly id: string
  readonly key: CryptoKey
}

/** Keys to seal and open with: the first seals, all of them open. Derived once, at first use. */
export interface KeyRing {
  sealing(purpose: Purpose): Promise<SealingKey>
  opening(purpose: Purpose, id: string): Promise<CryptoKey | undefined>
}

/**
 * @param secrets 32 bytes each, the current one first, former ones behind; asked for at first use,
 * once for each purpose.
 */
export const keyRing = (secrets: () => readonly Uint8Array<ArrayBuffer>[]): KeyRing => {
  const rings = new Map<Purpose, Promise<readonly SealingKey[]>>()
  const ring = (purpose: Purpose) => {
    const known =
      rings.get(purpose) ?? Promise.all(secrets().map((secret) => derive(secret, purpose)))
    rings.set(purpose, known)
    known.catch(() => rings.delete(purpose)) // A failure is not kept.
    return known
  }
  return {
    sealing: async (purpose) => (await ring(purpose))[0] as SealingKey,
    opening: async (purpose, id) => (await ring(purpose)).find((one) => one.id === id)?.key,
  }
}

// HKDF (RFC 5869): a key for each purpose, and a public name for it, from one secret.
const derive = async (secret: Uint8Array<ArrayBuffer>, purpose: Purpose): Promise<SealingKey> => {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const hkdf = (use: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(32),
    info: utf8(`zrecruit ${purpose} ${use}`),
  })
  const [key, id] = await Promise.all([
    crypto.subtle.deriveKey(hkdf('key'), base, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveBits(hkdf('key id'), base, 48),
  ])
  return { id: toBase64url(new Uint8Array(id)), key }
}
