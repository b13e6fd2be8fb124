import type {
  Calls,
  DataCenterAddresses,
  JournalEntry,
  ListedTokens,
  Settings,
} from '@zrecruit/oauth-emulator'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { compiledBefore } from './child.ts'
import type { TestContext } from './experiment.ts'
import { endWithUs } from './reaper.ts'

/** Where Zoho is and as whom: what any process needs to call it. */
export interface ZohoAt {
  readonly eu: DataCenterAddresses
  readonly client: {
    readonly id: string
    readonly secret: string
    readonly redirectUris: readonly string[]
  }
}

/** The emulator in a process of its own, over real HTTP on loopback, and its doors for tests. */
export interface Zoho extends ZohoAt {
  configure(settings: Partial<Settings>): Promise<Settings>
  addFault(fault: object): Promise<{ id: string }>
  /** One fault, or all of them. */
  clearFaults(id?: string): Promise<void>
  advanceClock(seconds: number): Promise<void>
  /** Somebody more who can sign in; answers the e-mail address. */
  addUser(firstName: string, lastName: string): Promise<string>
  /** A Self Client code of a user, by e-mail address; default: the data center's own. */
  newCode(user?: string): Promise<string>
  calls(): Promise<Calls>
  tokens(): Promise<ListedTokens>
  /** The last 500 entries at most, or those of them that came after a number. */
  journal(after?: number): Promise<readonly JournalEntry[]>
}

/**
 * One Zoho user stands behind all connections of a proof, and each of them is to be on its own: so
 * neither the number of that user's refresh tokens nor how fast they are made is limited, and a
 * revocation ends the one token it names.
 */
const oneUserForMany: Partial<Settings> = {
  liveRefreshTokens: 1_000,
  refreshTokenBudget: { limit: 1_000, windowSeconds: 60 },
  authorizationCodeBudget: { limit: 1_000, windowSeconds: 600 },
  revocationScope: 'token',
}

const cli = fileURLToPath(new URL('../packages/oauth-emulator/src/cli.ts', import.meta.url))

export const startZoho = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  settings: Partial<Settings> = oneUserForMany,
): Promise<Zoho> => {
  const child = spawn(
    process.execPath,
    ['--conditions=@zrecruit/source', cli, '--port', '0', '--json', '--data-centers', 'eu'],
    { env: { ...process.env, ...compiledBefore }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  endWithUs(child)
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => []),
  ])) as [string?]
  if (line === undefined) throw new Error('the emulator ended before it listened')
  const { dataCenters, client } = JSON.parse(line) as {
    dataCenters: { eu: DataCenterAddresses }
    client: ZohoAt['client']
  }

  const door = async <T>(method: string, name: string, sent?: object): Promise<T> => {
    const answer = await fetch(`${dataCenters.eu.accountsServer}/_emulator/${name}`, {
      method,
      ...(sent && { body: JSON.stringify(sent) }),
    })
    if (!answer.ok) throw new Error(`${method} ${name}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  await door('POST', 'settings', settings)
  return {
    eu: dataCenters.eu,
    client,
    configure: (changes) => door('POST', 'settings', changes),
    addFault: (fault) => door('POST', 'faults', fault),
    clearFaults: (id) => door('DELETE', id === undefined ? 'faults' : `faults/${id}`),
    advanceClock: (advanceSeconds) => door('POST', 'clock', { advanceSeconds }),
    addUser: async (firstName, lastName) =>
      (await door<{ user: string }>('POST', 'users', { dataCenter: 'eu', firstName, lastName }))
        .user,
    newCode: async (user) =>
      (
        await door<{ code: string }>('POST', 'codes', {
          scope: 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ,ZohoRecruit.users.READ',
          dataCenter: 'eu',
          expiresInSeconds: 600,
          ...(user !== undefined && { user }),
        })
      ).code,
    calls: () => door('GET', 'calls'),
    tokens: () => door('GET', 'tokens'),
    journal: (after = 0) => door('GET', `journal?after=${after}`),
  }
}
