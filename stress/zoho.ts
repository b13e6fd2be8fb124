import type {
  Calls,
  DataCenterAddresses,
  JournalEntry,
  ListedTokens,
  Settings,
} from '@zrecruit/oauth-emulator'
import { endWithParent } from '@zrecruit/testing/processes'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { compileCacheEnv } from './child.ts'
import type { TestContext } from './experiment.ts'

/** The addresses of the emulated Zoho and the OAuth client, for any process. */
export interface ZohoAddress {
  readonly eu: DataCenterAddresses
  readonly client: {
    readonly id: string
    readonly secret: string
    readonly redirectUris: readonly string[]
  }
}

/** An emulator in its own process, with its control endpoints. */
export interface Zoho extends ZohoAddress {
  configure(settings: Partial<Settings>): Promise<Settings>
  addFault(fault: object): Promise<{ id: string }>
  /** Removes one fault, or all of them. */
  clearFaults(id?: string): Promise<void>
  advanceClock(seconds: number): Promise<void>
  /** Adds a user. Resolves with the e-mail address. */
  addUser(firstName: string, lastName: string): Promise<string>
  /** Issues a Self Client code for a user (an e-mail address); default: the first user. */
  newCode(user?: string): Promise<string>
  calls(): Promise<Calls>
  tokens(): Promise<ListedTokens>
  /** The last 500 journal entries, or those with a sequence number above `after`. */
  journal(after?: number): Promise<readonly JournalEntry[]>
}

/**
 * All connections of an experiment belong to one Zoho user but must not affect each other.
 * Therefore the user's tokens and codes are practically unlimited, and a revocation ends only the
 * token that the request contains.
 */
const independentConnections: Partial<Settings> = {
  liveRefreshTokens: 1_000,
  refreshTokenBudget: { limit: 1_000, windowSeconds: 60 },
  authorizationCodeBudget: { limit: 1_000, windowSeconds: 600 },
  revocationScope: 'token',
}

const cli = fileURLToPath(new URL('../packages/oauth-emulator/src/cli.ts', import.meta.url))

export const startZoho = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  settings: Partial<Settings> = independentConnections,
): Promise<Zoho> => {
  const child = spawn(
    process.execPath,
    ['--conditions=@zrecruit/source', cli, '--port', '0', '--json', '--data-centers', 'eu'],
    { env: { ...process.env, ...compileCacheEnv }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  endWithParent(child)
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [readyLine] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => []),
  ])) as [string?]
  if (readyLine === undefined) throw new Error('the emulator ended before it listened')
  const { dataCenters, client } = JSON.parse(readyLine) as {
    dataCenters: { eu: DataCenterAddresses }
    client: ZohoAddress['client']
  }

  const control = async <T>(method: string, name: string, body?: object): Promise<T> => {
    const response = await fetch(`${dataCenters.eu.accountsServer}/_emulator/${name}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${name}: ${await response.text()}`)
    return (await response.json()) as T
  }
  await control('POST', 'settings', settings)
  return {
    eu: dataCenters.eu,
    client,
    configure: (changes) => control('POST', 'settings', changes),
    addFault: (fault) => control('POST', 'faults', fault),
    clearFaults: (id) => control('DELETE', id === undefined ? 'faults' : `faults/${id}`),
    advanceClock: (advanceSeconds) => control('POST', 'clock', { advanceSeconds }),
    addUser: async (firstName, lastName) =>
      (await control<{ user: string }>('POST', 'users', { dataCenter: 'eu', firstName, lastName }))
        .user,
    newCode: async (user) =>
      (
        await control<{ code: string }>('POST', 'codes', {
          scope: 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ,ZohoRecruit.users.READ',
          dataCenter: 'eu',
          expiresInSeconds: 600,
          ...(user !== undefined && { user }),
        })
      ).code,
    calls: () => control('GET', 'calls'),
    tokens: () => control('GET', 'tokens'),
    journal: (after = 0) => control('GET', `journal?after=${after}`),
  }
}
