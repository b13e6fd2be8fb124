import { parseJsonObject } from '../internal/json.ts'
import type { EpochMs } from './time.ts'

/** When a client recently exchanged authorization codes: one instant for each code. */
export interface CodeQuota {
  readonly exchangedAt: readonly EpochMs[]
}

export const emptyCodeQuota: CodeQuota = { exchangedAt: [] }

const maxCodes = 100

export const encodeCodeQuota = ({ exchangedAt }: CodeQuota): string =>
  JSON.stringify({ exchangedAt })

/** `undefined` if the text is not a quota. */
export const decodeCodeQuota = (text: string): CodeQuota | undefined => {
  const exchangedAt = parseJsonObject(text)?.('exchangedAt')
  if (!Array.isArray(exchangedAt) || exchangedAt.length > maxCodes) return undefined
  const isInstant = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
  return exchangedAt.every(isInstant) ? { exchangedAt: exchangedAt as EpochMs[] } : undefined
}
