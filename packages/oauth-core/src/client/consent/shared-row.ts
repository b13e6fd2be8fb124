import { timeBudget, type EpochMs } from '../../domain/time.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { sleep } from '../../internal/async.ts'
import type { Revision } from '../../store/connection-store.ts'
import { open, seal, type Purpose } from '../../store/seal.ts'
import { randomId, type ClientContext } from '../context.ts'

/** A row that all connections of a client share. It is not a connection. */
export interface SharedRow<T> {
  /** Begins with a control character, so that no connection can have this id. */
  readonly id: string
  readonly purpose: Purpose
  readonly empty: T
  readonly encode: (value: T) => string
  /** `undefined` if the text is not such a value. */
  readonly decode: (text: string) => T | undefined
}

interface StoredValue<T> {
  readonly value: T
  readonly now: EpochMs
  readonly revision: Revision | 'absent'
}

/**
 * Reads the row. A row that cannot be opened, for example after a change of keys, counts as empty.
 * Otherwise nobody could connect.
 * @throws `store-unavailable`
 */
export const readSharedRow = async <T>(
  { config, repository }: ClientContext,
  { id, purpose, empty, decode }: SharedRow<T>,
): Promise<StoredValue<T>> => {
  const { record: row, asOf: now } = await repository.readRow(id)
  if (!row) return { value: empty, now, revision: 'absent' }
  const opened = await open(config.keyRing, purpose, [config.clientId, row.revision], row.envelope)
  const value = 'text' in opened ? decode(opened.text) : undefined
  return { value: value ?? empty, now, revision: row.revision }
}

/**
 * Changes the row by compare-and-set. `change` is called again with the new value if another
 * process has written the row meanwhile.
 * @throws `store-unavailable`, `store-contended`, and what `change` throws
 */
export const updateSharedRow = async <T>(
  client: ClientContext,
  row: SharedRow<T>,
  change: (value: T, now: EpochMs) => T,
): Promise<void> => {
  const { monotonic, random, keyRing, clientId } = client.config
  const deadline = monotonic() + timeBudget.commitMs
  while (true) {
    const { value, now, revision: expected } = await readSharedRow(client, row)
    const revision = randomId(client)
    const text = row.encode(change(value, now))
    const envelope = await seal(keyRing, random, row.purpose, [clientId, revision], text)
    const next = { revision, status: 'none', pending: false, envelope } as const
    const { written } = await client.repository.writeRow(row.id, next, expected)
    if (written) return
    if (monotonic() >= deadline) throw new RecruitOAuthError('store-contended')
    // Another process wrote the row: try again after up to 255 ms.
    await sleep(random(1)[0] as number)
  }
}
