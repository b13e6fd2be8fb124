import { day, minute, second, type Customer, type Setup } from './customer.ts'

/** Incidents that happen to a connection a few times a year. Some of them cause expected errors. */
export const createIncidents = (
  { time, zoho, processes: { pickProcess, processes } }: Setup,
  { user, state, between, endAccessTokens, call, attempt, connectionOf, burst, consent }: Customer,
): readonly (() => Promise<void>)[] => {
  /**
   * Repeats the action for ten minutes. Errors are expected for ten more minutes, until its effects
   * have ended. The incident ends after that.
   */
  const runFault = async (action: () => Promise<unknown>, maxPauseMs: number) => {
    const endsAt = time.now() + 10 * minute
    state.faultUntil = endsAt + 10 * minute
    while (time.now() < endsAt) {
      await action()
      await time.sleep(between(second, maxPauseMs))
    }
    await time.sleep(11 * minute)
  }
  return [
    // The user revokes the app in Zoho's settings, sees the error later, and connects again.
    async () => {
      state.isRevokedByUser = true
      zoho.revokeByUser(user)
      await time.sleep(between(0, 2 * day))
      await burst(4)
      await consent()
    },
    // The user disconnects in the app and connects again.
    async () => {
      state.isConnected = false
      const process = pickProcess()
      await attempt(process, connectionOf(process).revoke())
      await burst(2)
      await consent()
    },
    // The user connects again in two tabs, although the connection is active.
    async () => void (await Promise.all([consent(), consent()])),
    // Zoho ends the access tokens, twice: all processes with a cached token get a 401. The 401s of
    // one API endpoint cause at most one refresh in ten minutes. If its process is killed or its
    // response is lost, callers get the 401 until the ten minutes are over.
    async () => {
      for (let times = 0; times < 2; times++) {
        await burst(processes.length)
        // Wait until no refresh is in progress, because its new token would be ended too.
        await time.sleep(11 * minute)
        endAccessTokens()
        await burst(processes.length)
      }
    },
    // For ten minutes, Zoho ends every token after a short time.
    async () =>
      runFault(() => {
        endAccessTokens()
        return Promise.all(processes.map((process) => call(process)))
      }, 90 * second),
    // All responses to refreshes are lost, but Zoho counts the refreshes.
    async () => {
      zoho.usersWithLostResponses.add(user)
      const end = time.sleep(10 * minute).then(() => zoho.usersWithLostResponses.delete(user))
      await runFault(() => burst(4), 60 * second)
      await end
    },
    // A user requests a new token again and again.
    async () =>
      runFault(() => {
        const process = pickProcess()
        return attempt(process, connectionOf(process).refresh())
      }, 60 * second),
  ]
}
