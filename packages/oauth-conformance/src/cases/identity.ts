import { casesOf } from '../adapter-case.ts'
import type { TestApp, TestContext } from '../harness/test-context.ts'
import type { Visitor } from '../harness/visitor.ts'
import { equal, isConnected, pageOf, redirects } from './expect.ts'

const scopes = [
  'ZohoRecruit.modules.ALL',
  'ZohoRecruit.org.READ',
  'ZohoRecruit.users.READ',
] as const

/**
 * Somebody who connected with the first account of the data center, and a second one that the
 * person may choose next.
 */
const connected = async ({ start }: TestContext, allowAccountSwitch: boolean) => {
  const scene = await start({ options: { scopes, allowAccountSwitch } })
  const other = scene.emulator.addUser({
    dataCenter: 'us',
    firstName: 'Iris',
    lastName: 'Novak',
    organization: 'Second Wind Hiring',
  })
  const alice = scene.visitor()
  redirects(await alice.connect(), '/')
  return { scene, alice, other: other.user }
}

const connectAs = async (visitor: Visitor, account: string) => {
  const begun = await visitor.open('/zoho/connect')
  const back = await visitor.decide(begun.headers['location'], 'approve', { account })
  return visitor.open(back.pathname + back.search)
}

/** What the app is told of the account, against what the emulator knows of it. */
const isAccount = async (
  visitor: Visitor,
  { emulator }: TestApp,
  account: string,
): Promise<void> => {
  const known = emulator.users().find(({ user }) => user === account)
  const answer = await visitor.script('/account')
  equal(answer.status, 200, 'the status of a call for the account')
  equal(
    (JSON.parse(answer.text) as { organizationId?: unknown }).organizationId,
    known?.organizationId,
    'the organization that is connected',
  )
}

const first = 'maya.brooks@harborpine.example'

export const identity = casesOf({
  'identity-shown': [
    'after the consent, `status()` names the organization and the user that were connected',
    'the person who looks after many customers, and asks whose consent this is',
    async (stage) => {
      const { scene, alice } = await connected(stage, false)
      const [known] = scene.emulator.users()
      const expected = {
        organizationId: known?.organizationId,
        organizationName: known?.organization,
        userId: known?.userId,
        userName: known?.name,
      }
      equal(
        JSON.parse((await alice.script('/account')).text),
        expected,
        'the identity in the status',
      )
    },
  ],
  'account-switched': [
    'a consent with another Zoho account is refused; the first one serves on, and the other ' +
      'account’s grant is not revoked',
    'one organization’s candidates from landing in another’s place',
    async (stage) => {
      const { scene, alice, other } = await connected(stage, false)
      pageOf(await connectAs(alice, other), 400, 'account-switched')
      isConnected(await alice.script('/candidates'))
      await isAccount(alice, scene, first)
      // Another connection may live on it.
      equal(
        scene.emulator.tokens().refreshTokens.map(({ user }) => user),
        [first, other],
        'whose refresh tokens live at Zoho',
      )
    },
  ],
  'account-switch-allowed': [
    'with `allowAccountSwitch` a consent with another Zoho account takes the first one’s place',
    'customers who move to another organization',
    async (stage) => {
      const { scene, alice, other } = await connected(stage, true)
      redirects(await connectAs(alice, other), '/')
      await isAccount(alice, scene, other)
    },
  ],
})
