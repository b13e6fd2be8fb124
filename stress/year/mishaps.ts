import { day, minute, second, type Customer, type Setup } from './customer.ts'

/**
 * What happens to a connection a few times in its year, beyond being used. In some of it callers
 * may be told to wait.
 */
export const mishapsOf = (
  { time, zoho, processes: { any, processes } }: Setup,
  { user, state, between, endAccessTokens, ask, attempt, connectionOf, burst, consent }: Customer,
): readonly (() => Promise<void>)[] => {
  /** Ten bad minutes, and ten more until all is forgotten. */
  const badMinutes = async (once: () => Promise<unknown>, pauseMs: number) => {
    const endsAt = time.now() + 10 * minute
    state.badUntil = endsAt + 10 * minute
    while (time.now() < endsAt) {
      await once()
      await time.sleep(between(second, pauseMs))
    }
    await time.sleep(11 * minute)
  }
  return [
    // The user takes everything back in Zoho's settings, sees the error, and connects again later.
    async () => {
      state.revokedByUser = true
      zoho.revokeByUser(user)
      await time.sleep(between(0, 2 * day))
      await burst(4)
      await consent()
    },
    // Disconnects in the app, and connects again.
    async () => {
      state.connected = false
      const process = any()
      await attempt(process, connectionOf(process).revoke())
      await burst(2)
      await consent()
    },
    // Connects once more over what stands, in two tabs.
    async () => void (await Promise.all([consent(), consent()])),
    // Zoho ends the access tokens, twice: 401s at all processes that hold one. An endpoint gets a
    // new token for its 401 once in ten minutes: where the process that requests it dies, or the
    // answer is lost, the 401 is handed on for so long.
    async () => {
      for (let times = 0; times < 2; times++) {
        await burst(processes.length)
        // No refresh is under way by then: its token would be dead on arrival.
        await time.sleep(11 * minute)
        endAccessTokens()
        await burst(processes.length)
      }
    },
    // A 401 every few seconds, whatever the token.
    async () =>
      badMinutes(() => {
        endAccessTokens()
        return Promise.all(processes.map((process) => ask(process)))
      }, 90 * second),
    // No answer to a refresh arrives, and Zoho has counted each.
    async () => {
      zoho.losing.add(user)
      const end = time.sleep(10 * minute).then(() => zoho.losing.delete(user))
      await badMinutes(() => burst(4), 60 * second)
      await end
    },
    // Somebody presses the button for a new token, again and again.
    async () =>
      badMinutes(() => {
        const process = any()
        return attempt(process, connectionOf(process).refresh())
      }, 60 * second),
  ]
}
