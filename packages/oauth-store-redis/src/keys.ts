import { RecruitOAuthError, type ConnectionId, type ListQuery } from '@zrecruit/oauth-core'

/**
 * Where things stand. The braces are a hash tag: in a cluster all of these keys are in one slot, so
 * that one script may change them together.
 */
export interface Keys {
  /** Hash: by id, the facts as JSON. */
  readonly facts: string
  /**
   * Sorted set, all scores 0, hence ordered by octets: `all:<id>`, `pending:<id>`,
   * `principal:<octets of principal>:<principal>:<id>`, `principal-pending:…`
   */
  readonly index: string
  /** Text: the sealed rest of one record. */
  envelope(id: ConnectionId): string
}

export const keysOf = (prefix: string): Keys => {
  if (typeof prefix !== 'string' || !/^[^{}]{1,200}$/s.test(prefix))
    throw new RecruitOAuthError('configuration-invalid', {
      summary:
        'The `prefix` of the Redis store is not a text of 1 to 200 characters without { and }.',
      hint: "Pass one such as 'my-app'.",
    })
  return {
    facts: `{${prefix}}:facts`,
    index: `{${prefix}}:index`,
    envelope: (id) => `{${prefix}}:envelope:${id}`,
  }
}

/**
 * The entries that a listing asks for: from, to, limit, octets before the id. The length of an
 * principal says where it ends.
 */
export const rangeOf = ({ principal, pending, after, limit }: ListQuery): string[] => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RecruitOAuthError('argument-invalid', {
      summary: '`limit` is not an integer from 1 to 1000.',
    })
  const start = groupOf(principal, pending)
  return [
    after === undefined ? `[${start}:` : `(${start}:${after}`,
    `(${start};`,
    `${limit}`,
    `${octets(start) + 1}`,
  ] // `;` comes next to `:`.
}

/** The group of index entries that a listing reads; each of its entries is `<group>:<id>`. */
const groupOf = (principal: string | undefined, pending: boolean | undefined): string => {
  if (principal === undefined) return pending ? 'pending' : 'all'
  return `${pending ? 'principal-pending' : 'principal'}:${octets(principal)}:${principal}`
}

const octets = (text: string): number => Buffer.byteLength(text)
