import type { TestApp, TestContext } from '../harness/test-context.ts'
import type { Visitor } from '../harness/visitor.ts'

/** A visitor who has consented at Zoho, and the path of the callback with the changed query. */
export const consented = async (
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
