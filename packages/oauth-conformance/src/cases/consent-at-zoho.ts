import type { TestApp, TestContext } from '../harness/test-context.ts'
import type { Visitor } from '../harness/visitor.ts'

/**
 * Starts an app and a consent of its user `alice`, who approves it on Zoho's page. `change` can
 * edit the query of the callback's URL. Returns path and query of this URL, without opening it.
 */
export const consentAtZoho = async (
  { start }: TestContext,
  change: (query: URLSearchParams) => void = () => {},
  returnTo = '/',
): Promise<{ app: TestApp; alice: Visitor; path: string }> => {
  const app = await start()
  const alice = app.visitor()
  const connectResponse = await alice.open(`/zoho/connect?${new URLSearchParams({ returnTo })}`)
  const callbackUrl = await alice.decide(connectResponse.headers['location'])
  change(callbackUrl.searchParams)
  return { app, alice, path: callbackUrl.pathname + callbackUrl.search }
}
