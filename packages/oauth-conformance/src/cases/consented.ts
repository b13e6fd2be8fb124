import type { TestApp, TestContext } from '../harness/test-context.ts'
import type { Visitor } from '../harness/visitor.ts'

/**
 * A visitor who consented at Zoho, before the callback; the callback's path with its query,
 * changed.
 */
export const consented = async (
  { start }: TestContext,
  change: (query: URLSearchParams) => void = () => {},
): Promise<{ scene: TestApp; alice: Visitor; path: string }> => {
  const scene = await start()
  const alice = scene.visitor()
  const begun = await alice.open('/zoho/connect')
  const back = await alice.decide(begun.headers['location'])
  change(back.searchParams)
  return { scene, alice, path: back.pathname + back.search }
}
