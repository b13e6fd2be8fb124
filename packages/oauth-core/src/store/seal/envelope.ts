import { fromBase64url, toBase64url, utf8 } from '../../internal/text.ts'
import type { RandomBytes } from '../../config/host.ts'
import type { KeyRing, Purpose } from './key-ring.ts'

/** Why an envelope did not open: the ring lacks its key, or it is not what it claims to be. */
export type OpenFailure = 'key-unknown' | 'record-unreadable'

/**
 * Seals a text: AES-256-GCM with a random 96-bit IV (NIST SP 800-38D), as `1.<key
 * id>.<iv>.<ciphertext>`. The identity is bound as additional data: the envelope opens under the
 * same identity only.
 */
export const seal = async (
  ring: KeyRing,
  random: RandomBytes,
  purpose: Purpose,
  identity: readonly string[],
  text: string,
): Promise<string> => {
  const { id, key } = await ring.sealing(purpose)
  const iv = random(12)
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: additionalData(purpose, identity) },
    key,
    utf8(text),
  )
  return `1.${id}.${toBase64url(iv)}.${toBase64url(new Uint8Array(sealed))}`
}

export const open = async (
  ring: KeyRing,
  purpose: Purpose,
  identity: readonly string[],
  envelope: string,
): Promise<{ readonly text: string } | { readonly failure: OpenFailure }> => {
  const [, id = '', iv = '', sealed = ''] =
    /^1\.([\w-]{8})\.([\w-]{16})\.([\w-]+)$/.exec(envelope) ?? []
  const [ivBytes, sealedBytes] = [fromBase64url(iv), fromBase64url(sealed)]
  if (!id || !ivBytes || !sealedBytes) return { failure: 'record-unreadable' }
  const key = await ring.opening(purpose, id)
  if (!key) return { failure: 'key-unknown' }
  try {
    const text = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: ivBytes, additionalData: additionalData(purpose, identity) },
      key,
      sealedBytes,
    )
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text) }
  } catch {
    return { failure: 'record-unreadable' }
  }
}

/** As JSON: every text is quoted and escaped, so no two identities have the same encoding. */
export const additionalData = (
  purpose: Purpose,
  identity: readonly string[],
): Uint8Array<ArrayBuffer> => utf8(JSON.stringify([purpose, ...identity]))
