import type { RecruitOAuth } from '@zrecruit/oauth-core'
import { nameOf } from './spy.ts'

/** What a stored record says that no public method tells. */
export interface RecordFacts {
  readonly counted: number
  readonly storedRefreshToken?: string
}

/**
 * For tests alone: reads records in the process that owns the key. Core opens the record for
 * `status()`, and the text that WebCrypto decrypted meanwhile is the record. So this depends on no
 * internal module, id or layout of a store. Nothing else may happen in this process at the same
 * time.
 */
export const readRecordFacts = async (app: RecruitOAuth, id: string): Promise<RecordFacts> => {
  const texts: string[] = []
  const { subtle } = crypto
  const decrypt = subtle.decrypt.bind(subtle)
  subtle.decrypt = async (...given) => {
    const opened = await decrypt(...given)
    texts.push(new TextDecoder().decode(opened))
    return opened
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
