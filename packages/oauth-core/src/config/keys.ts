import { isSecret, type Secret } from '../domain/secret.ts'
import { fromBase64url } from '../internal/text.ts'
import { invalidOption } from './invalid-option.ts'

const keyBytes = 32

/** @throws `configuration-invalid` */
export const parseKeys = (
  value: readonly (string | Secret)[] | undefined,
): readonly Uint8Array<ArrayBuffer>[] => {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalidOption(
      'encryptionKeys',
      'is missing: create a key with `openssl rand -base64 32`, and keep it as long as the store',
    )
  }
  return value.map((key: unknown, index) => {
    const text = isSecret(key) ? key.reveal() : key
    const bytes = typeof text === 'string' ? fromBase64url(text) : undefined
    if (bytes?.length !== keyBytes)
      throw invalidOption(
        `encryptionKeys[${index}]`,
        'must be 32 bytes in base64: `openssl rand -base64 32`',
      )
    return bytes
  })
}
