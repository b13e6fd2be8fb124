import { parseJsonObject } from '../internal/json.ts'
import type { EpochMs } from './time.ts'

/** When a client recently exchanged authorization codes: one instant for each code. */
export interface CodeQuota {
  readonly issuedAt: readonly EpochMs[]
}

export const emptyCodeQuota: CodeQuota = { issuedAt: [] }

const maxCodes = 100

export const encodeCodeQuota = ({ issuedAt }: CodeQuota): string => JSON.stringify({ issuedAt })

/** `undefined` if the text is not a quota. */
export const decodeCodeQuota = (text: string): CodeQuota | undefined => {
  const issuedAt = parseJsonObject(text)?.('issuedAt')
  if (!Array.isArray(issuedAt) || issuedAt.length > maxCodes) return undefined
  const isInstant = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
  return issuedAt.every(isInstant) ? { issuedAt: issuedAt as EpochMs[] } : undefined
}
