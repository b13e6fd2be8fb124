import type { RecruitOAuth } from '@zrecruit/oauth-core'
import { nameOf } from './spy.ts'

/** Facts of a stored record that no public method returns. */
export interface RecordFacts {
  readonly counted: number
  readonly storedRefreshToken?: string
}

/**
 * Reads the plain text of a record. Core decrypts the record for `status()`, and this function
 * intercepts the result of WebCrypto. So the function depends neither on internal modules nor on
 * the layout of a store. The process must not do anything else at the same time.
 */
export const readRecordFacts = async (app: RecruitOAuth, id: string): Promise<RecordFacts> => {
  const texts: string[] = []
  const { subtle } = crypto
  const decrypt = subtle.decrypt.bind(subtle)
  subtle.decrypt = async (...args) => {
    const plainText = await decrypt(...args)
    texts.push(new TextDecoder().decode(plainText))
    return plainText
  }
  try {
    await app.connection(id).status()
  } finally {
    subtle.decrypt = decrypt
  }
  const text = texts.at(-1)
  if (text === undefined) return { counted: 0 }
  const record = JSON.parse(text) as {
    readonly refreshTokens?: number
    readonly tokens?: { readonly refreshToken: string }
    /** Refresh tokens that wait for their revocation. */
    readonly abandoned?: readonly unknown[]
  }
  return {
    counted: (record.refreshTokens ?? 0) + (record.abandoned?.length ?? 0),
    ...(record.tokens && { storedRefreshToken: nameOf(record.tokens.refreshToken) }),
  }
}
