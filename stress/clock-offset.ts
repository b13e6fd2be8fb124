import type { ConnectionStore } from '@zrecruit/oauth-core'

/**
 * A store whose clock is `ms` behind. Core computes all instants of a record from this clock, so a
 * record that is written through this store seems to be `ms` old. An experiment therefore need not
 * wait an hour until an access token has expired. Advance Zoho's clock by the same time
 * (`zoho.advanceClock`), so that the token expires there too.
 *
 * @param ms how far the clock is behind; a negative number means ahead. A function is called for
 * every response, so that time can be skipped while the app runs.
 */
export const withClockOffset = (
  store: ConnectionStore,
  ms: number | (() => number),
): ConnectionStore => {
  const shiftAsOf = async <T extends { readonly asOf: number }>(
    response: Promise<T>,
  ): Promise<T> => {
    const { asOf, ...rest } = await response
    return { ...rest, asOf: asOf - (typeof ms === 'number' ? ms : ms()) } as unknown as T
  }
  return {
    read: (id) => shiftAsOf(store.read(id)),
    write: (id, next, expected) => shiftAsOf(store.write(id, next, expected)),
    list: (query) => store.list(query),
  }
}
