import { RecruitOAuthError, type ConnectionId, type ListQuery } from '@zrecruit/oauth-core'

/**
 * The keys of the store. The braces are a hash tag: in a cluster all of these keys are in one slot,
 * so that one script can change them together.
 */
export interface Keys {
  /** Hash: for each id, the fields of its record that are not sealed, as JSON. */
  readonly fields: string
  /**
   * Sorted set. All scores are 0, so the entries are ordered by their bytes: `all:<id>`,
   * `pending:<id>`, `principal:<byte length of principal>:<principal>:<id>`, `principal-pending:…`
   */
  readonly index: string
  /** String: the envelope of one record, which is its encrypted part. */
  envelope(id: ConnectionId): string
}

export const keysOf = (prefix: string): Keys => {
  if (typeof prefix !== 'string' || !/^[^{}]{1,200}$/s.test(prefix))
    throw new RecruitOAuthError('configuration-invalid', {
      summary:
        'The `prefix` of the Redis store is not a string of 1 to 200 characters without { and }.',
      hint: "Pass one such as 'my-app'.",
    })
  return {
    fields: `{${prefix}}:fields`,
    index: `{${prefix}}:index`,
    envelope: (id) => `{${prefix}}:envelope:${id}`,
  }
}

/**
 * The arguments of the `list` script: start, end, limit, number of bytes before the id. The length
 * in an entry marks where its principal ends.
 */
export const rangeOf = ({ principal, pending, after, limit }: ListQuery): string[] => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RecruitOAuthError('argument-invalid', {
      summary: '`limit` is not an integer from 1 to 1000.',
    })
  const start = groupOf(principal, pending)
  return [
    after === undefined ? `[${start}:` : `(${start}:${after}`,
    `(${start};`, // `;` is the character after `:`.
    `${limit}`,
    `${Buffer.byteLength(start) + 1}`,
  ]
}

/** The group of index entries that a listing reads; each of its entries is `<group>:<id>`. */
const groupOf = (principal: string | undefined, pending: boolean | undefined): string => {
  if (principal === undefined) return pending ? 'pending' : 'all'
  const kind = pending ? 'principal-pending' : 'principal'
  return `${kind}:${Buffer.byteLength(principal)}:${principal}`
}
