import type { TestApp, TestContext } from '../harness/test-context.ts'
import type { Visitor } from '../harness/visitor.ts'

/**
 * Starts an app, and approves at Zoho as its user `alice`. Returns the path of the callback with
 * the changed query. The callback is not opened.
 */
export const consentAtZoho = async (
  { start }: TestContext,
  change: (query: URLSearchParams) => void = () => {},
): Promise<{ app: TestApp; alice: Visitor; path: string }> => {
  const app = await start()
  const alice = app.visitor()
  const begun = await alice.open('/zoho/connect')
  const back = await alice.decide(begun.headers['location'])
  change(back.searchParams)
  return { app, alice, path: back.pathname + back.search }
}
