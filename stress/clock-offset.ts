import type { ConnectionStore } from '@zrecruit/oauth-core'

/**
 * A store whose clock is `ms` behind. What an app writes through it was written that long ago, by
 * core's own code, in every fact of the record: so an access token expires without an hour's wait.
 * Zoho's clock is pushed on by as much (`zoho.advanceClock`), and the token is dead there, too.
 *
 * @param ms a function is asked at every answer: time can be skipped while the app runs. Below
 * zero: ahead.
 */
export const withClockOffset = (
  store: ConnectionStore,
  ms: number | (() => number),
): ConnectionStore => {
  const earlier = async <T extends { readonly asOf: number }>(answer: Promise<T>): Promise<T> => {
    const { asOf, ...rest } = await answer
    return { ...rest, asOf: asOf - (typeof ms === 'number' ? ms : ms()) } as unknown as T
  }
  return {
    read: (id) => earlier(store.read(id)),
    write: (id, next, expected) => earlier(store.write(id, next, expected)),
    list: (query) => store.list(query),
  }
}
