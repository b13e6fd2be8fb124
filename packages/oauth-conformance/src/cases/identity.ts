import { casesOf } from '../adapter-case.ts'
import type { AppOptions } from '../adapter-harness.ts'
import type { TestApp, TestContext } from '../harness/test-context.ts'
import type { Visitor } from '../harness/visitor.ts'
import { equal, expectConnected, expectErrorPage, expectProblem, expectRedirect } from './expect.ts'

const scopes = [
  'ZohoRecruit.modules.ALL',
  'ZohoRecruit.org.READ',
  'ZohoRecruit.users.READ',
] as const

/** A visitor who connected with the first account, and a second account of the data center. */
const connectWithTwoAccounts = async (
  { start }: TestContext,
  allowAccountSwitch: AppOptions['allowAccountSwitch'],
) => {
  const app = await start({ options: { scopes, allowAccountSwitch } })
  const other = app.emulator.addUser({
    dataCenter: 'us',
    firstName: 'Iris',
    lastName: 'Novak',
    organization: 'Second Wind Hiring',
  })
  const alice = app.visitor()
  expectRedirect(await alice.connect(), '/')
  return { app, alice, other: other.user }
}

const consentAs = async (visitor: Visitor, account: string): Promise<string> => {
  const connectResponse = await visitor.open('/zoho/connect')
  const { pathname, search } = await visitor.decide(
    connectResponse.headers['location'],
    'approve',
    {
      account,
    },
  )
  return pathname + search
}

const connectAs = async (visitor: Visitor, account: string) =>
  visitor.open(await consentAs(visitor, account))

/** Expects that the app is connected to this account. */
const expectAccount = async (
  visitor: Visitor,
  { emulator }: TestApp,
  account: string,
): Promise<void> => {
  const known = emulator.users().find(({ user }) => user === account)
  const response = await visitor.script('/account')
  equal(response.status, 200, 'the status of GET /account')
  const shown = JSON.parse(response.text) as { organizationId?: unknown; userId?: unknown }
  equal(
    [shown.organizationId, shown.userId],
    [known?.organizationId, known?.userId],
    'the connected organization and user',
  )
}

const firstAccount = 'maya.brooks@harborpine.example'

export const identity = casesOf({
  'identity-shown': [
    'after the consent, status() has the connected organization and user',
    'An administrator of many customers must see whose consent it is.',
    async (context) => {
      const { app, alice } = await connectWithTwoAccounts(context, false)
      const [known] = app.emulator.users()
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
    'a consent with another Zoho account is refused; the first connection stays',
    'One organization’s candidates must not replace another’s.',
    async (context) => {
      const { app, alice, other } = await connectWithTwoAccounts(context, false)
      expectErrorPage(await connectAs(alice, other), 400, 'account-switched')
      expectConnected(await alice.script('/candidates'))
      await expectAccount(alice, app, firstAccount)
      // Zoho keeps the refused grant, because another connection may use it.
      equal(
        app.emulator.tokens().refreshTokens.map(({ user }) => user),
        [firstAccount, other],
        'the users of the valid refresh tokens at Zoho',
      )
    },
  ],
  'account-switch-allowed': [
    'allowAccountSwitch replaces the connection with another Zoho account',
    'Customers can move to another organization.',
    async (context) => {
      const { app, alice, other } = await connectWithTwoAccounts(context, true)
      expectRedirect(await connectAs(alice, other), '/')
      await expectAccount(alice, app, other)
    },
  ],
  'account-colleague': [
    'allowAccountSwitch: same-organization accepts a colleague and no other organization',
    'The administrator who connected may leave, and a colleague has to reconnect.',
    async (context) => {
      const { app, alice, other } = await connectWithTwoAccounts(context, 'same-organization')
      const colleague = app.emulator.addUser({
        dataCenter: 'us',
        firstName: 'Cem',
        lastName: 'Kaya',
      })
      const callback = await consentAs(alice, other)
      expectProblem(await alice.script(callback), 400, 'account-switched')
      expectRedirect(await connectAs(alice, colleague.user), '/')
      await expectAccount(alice, app, colleague.user)
    },
  ],
})
