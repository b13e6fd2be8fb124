import { DurableObject } from 'cloudflare:workers'
import { executeCommand } from '@zrecruit/oauth-conformance/remote'
import {
  createRecruitOAuth,
  isRecruitOAuthError,
  storedId,
  type DataCenters,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import {
  durableObjectStore,
  zohoConnection,
  zohoConnectionObject,
  type ConnectionNamespace,
} from '@zrecruit/oauth-store-durable-object'
import type { Commands } from './commands.ts'
import { flowsWith } from './flows.ts'
import { objectName, otherClient, rowsOf } from './own-rows.ts'

// This module runs in workerd: the objects, and a Worker that runs the commands of the tests.

export interface Env {
  readonly CLIENT: { readonly id: string; readonly secret: string }
  readonly KEY: string
  readonly DATA_CENTERS: DataCenters
  /** Called before and after each outgoing call. A test can delay the response. */
  readonly GATE: string
  readonly ZOHO: DurableObjectNamespace<ZohoConnections>
  readonly [store: `STORE${number}`]: ConnectionNamespace
}

const clock = { now: Date.now, ahead: 0 }
Date.now = () => clock.now() + clock.ahead
let keys: readonly string[] | undefined

const gate = async (env: Env, point: string): Promise<void> => {
  if (env.GATE) await (await fetch(env.GATE, { method: 'POST', body: point })).text()
}

const options = (env: Env, where: string): RecruitOAuthOptions => ({
  clientId: env.CLIENT.id,
  clientSecret: env.CLIENT.secret,
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ', 'ZohoRecruit.users.READ'],
  dataCenter: 'eu',
  dataCenters: env.DATA_CENTERS,
  encryptionKeys: keys ?? [env.KEY],
  connectionFor: () => undefined,
  store: durableObjectStore(env.ZOHO),
  fetch: async (url, init) => {
    const name = `${where} ${new URL(url).pathname}`
    await gate(env, `${name} before`)
    const response = await fetch(url, init)
    await gate(env, `${name} after`)
    return response
  },
})

export class ZohoConnections extends zohoConnectionObject(DurableObject<Env>, (env: Env) =>
  options(env, 'object'),
) {
  #gatePoints: readonly string[] = []
  async #passGateAt(point: string) {
    if (this.#gatePoints.includes(point)) await gate(this.env, point)
  }
  async setGatePoints(points: readonly string[]) {
    this.#gatePoints = points
  }
  override async read() {
    await this.#passGateAt('read before')
    return super.read()
  }
  override async write(...given: Parameters<InstanceType<typeof BaseObject>['write']>) {
    await this.#passGateAt('write before')
    const response = await super.write(...given)
    await this.#passGateAt('write after')
    return response
  }
  override async applyUpdate(...given: Parameters<InstanceType<typeof BaseObject>['applyUpdate']>) {
    await gate(this.env, 'applyUpdate before')
    await super.applyUpdate(...given)
    await gate(this.env, 'applyUpdate after')
  }
  override async alarm() {
    await gate(this.env, 'alarm before')
    await super.alarm()
    await gate(this.env, 'alarm after')
  }
  async abort() {
    this.ctx.abort('by the test')
  }
  async inspect(): ReturnType<Commands['inspect']> {
    const tables = this.ctx.storage.sql
      .exec(`SELECT name FROM sqlite_schema WHERE name LIKE 'zrecruit%'`)
      .toArray()
      .map(({ name }) => name)
    const schedule = tables.includes('zrecruit_schedule')
      ? this.ctx.storage.sql.exec('SELECT * FROM zrecruit_schedule').toArray()[0]
      : undefined
    return {
      tables,
      ...(schedule && { schedule }),
      alarm: await this.ctx.storage.getAlarm(),
    } as Awaited<ReturnType<Commands['inspect']>>
  }
  async raw(statement: string, values: readonly (string | number | null)[]) {
    return this.ctx.storage.sql.exec(statement, ...values).toArray() as Record<
      string,
      string | number | null
    >[]
  }
  async makeDue(at: number) {
    this.ctx.storage.sql.exec('UPDATE zrecruit_schedule SET maintenance_at = ?', at)
    await this.ctx.storage.setAlarm(at)
  }
}
const BaseObject = zohoConnectionObject(DurableObject<Env>, (env: Env) => options(env, ''))

const stopped = new Set<number>()

/**
 * Creates the class of one of many stores. A store lists only its own records. After the store is
 * stopped, each of its objects aborts at the next call.
 */
export const forStore = (number: number) => {
  const abortIfStopped = async (ctx: { abort(reason: string): void }) => {
    if (stopped.has(number)) ctx.abort('stopped by the test')
  }
  const Base = zohoConnectionObject(DurableObject<Env>, (env: Env) => ({
    ...options(env, ''),
    store: durableObjectStore(env[`STORE${number}`] as ConnectionNamespace),
  }))
  return class extends Base {
    override async read() {
      await abortIfStopped(this.ctx)
      return super.read()
    }
    override async write(...given: Parameters<InstanceType<typeof Base>['write']>) {
      await abortIfStopped(this.ctx)
      return super.write(...given)
    }
    override async list(...given: Parameters<InstanceType<typeof Base>['list']>) {
      await abortIfStopped(this.ctx)
      return super.list(...given)
    }
  }
}

type CommandHandlers = {
  [Name in keyof Commands]: (
    env: Env,
    ...given: Parameters<Commands[Name]>
  ) => ReturnType<Commands[Name]>
}

const commands: CommandHandlers = {
  store: (env, number, order) =>
    executeCommand(durableObjectStore(env[`STORE${number}`] as ConnectionNamespace), order),
  stop: async (_env, number) => void stopped.add(number),
  read: (env, id) => rowsOf(env).read(id),
  write: (env, id, next, expected) => rowsOf(env).write(id, next ?? undefined, expected),
  list: (env, query) => rowsOf(env).list(query),
  publish: (env, update) => rowsOf(env).publish(update),
  connect: (env, id, code) =>
    createRecruitOAuth(options(env, 'worker'))
      .connection(id)
      .exchangeSelfClientCode(code, { principal: 'ann' }),
  revoke: (env, id) => createRecruitOAuth(options(env, 'worker')).connection(id).revoke(),
  forget: (env, id) => createRecruitOAuth(options(env, 'worker')).connection(id).forget(),
  accessTokens: (env, id, count, clientId = env.CLIENT.id) =>
    Promise.all(
      Array.from({ length: count }, () => zohoConnection(env.ZOHO, id, { clientId }).accessToken()),
    ),
  revokeByObject: (env, id, count, clientId = env.CLIENT.id) =>
    Promise.all(
      Array.from({ length: count }, () => zohoConnection(env.ZOHO, id, { clientId }).revoke()),
    ),
  async leaveOther(env, id) {
    const row = {
      revision: 'r1',
      status: 'revoking' as const,
      pending: true,
      envelope: 'sealed by the other client',
    }
    await durableObjectStore(env.ZOHO).write(await storedId(otherClient, id), row, 'absent')
  },
  inspect: async (env, name) => env.ZOHO.getByName(await objectName(env, name)).inspect(),
  abort: async (env, name) =>
    env.ZOHO.getByName(await objectName(env, name))
      .abort()
      .catch(() => {}),
  advanceClock: async (_env, ms) => void (clock.ahead = ms),
  makeDue: async (env, name, at) => env.ZOHO.getByName(await objectName(env, name)).makeDue(at),
  keys: async (_env, given) => void (keys = given),
  ...flowsWith({ options, gate, monotonic: () => performance.now() + clock.ahead }),
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { command, given } = await request.json<{
      command: keyof Commands
      given: unknown[]
    }>()
    try {
      const result = await (commands[command] as (env: Env, ...given: unknown[]) => unknown)(
        env,
        ...given,
      )
      return Response.json({ result })
    } catch (error) {
      const { code, retryAt, message, stack } = error as Error & { code?: string; retryAt?: number }
      return Response.json({
        error: { code: isRecruitOAuthError(error) ? code : undefined, retryAt, message, stack },
      })
    }
  },
}
