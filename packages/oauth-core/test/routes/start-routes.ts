import type { RecruitOAuthOptions } from '../../src/index.ts'
import { grant, startSetup } from '../client/setup.ts'
import { faultyStore } from '../client/faulty-store.ts'
import { ann, createBrowser, navigation } from './browser.ts'

export type Who = { id: string; principal: string } | undefined

/** A client with `connectionFor`, which returns `session.who`, and a browser. */
export const startRoutes = async (options: Partial<RecruitOAuthOptions> = {}) => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  setup.script.token = grant()
  const session: { who: Who; calls: number } = { who: ann, calls: 0 }
  const connectionFor = () => {
    session.calls += 1
    return session.who
  }
  const zoho = setup.client({ connectionFor, ...options })
  return { ...setup, ...store, session, zoho, browser: createBrowser(zoho) }
}

export type RoutesSetup = Awaited<ReturnType<typeof startRoutes>>

/** The headers of a navigation that a page of the app starts, for example with a form. */
export const sameOriginNavigation = { ...navigation, 'sec-fetch-site': 'same-origin' }
