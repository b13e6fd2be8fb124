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

// What runs in workerd: objects, and a Worker that does what it is told to by HTTP.

export interface Env {
  readonly CLIENT: { readonly id: string; readonly secret: string }
  readonly KEY: string
  readonly DATA_CENTERS: DataCenters
  /** Asked before and after all that leaves the object; a test can keep the answer. */
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
  #asks: readonly string[] = []
  async #at(point: string) {
    if (this.#asks.includes(point)) await gate(this.env, point)
  }
  async asks(points: readonly string[]) {
    this.#asks = points
  }
  override async read() {
    await this.#at('read before')
    return super.read()
  }
  override async write(...given: Parameters<InstanceType<typeof Plain>['write']>) {
    await this.#at('write before')
    const answer = await super.write(...given)
    await this.#at('write after')
    return answer
  }
  override async publish(...given: Parameters<InstanceType<typeof Plain>['publish']>) {
    await gate(this.env, 'publish before')
    await super.publish(...given)
    await gate(this.env, 'publish after')
  }
  override async alarm() {
    await gate(this.env, 'alarm before')
    await super.alarm()
    await gate(this.env, 'alarm after')
  }
  async abort() {
    this.ctx.abort('by the test')
  }
  async look(): ReturnType<Commands['look']> {
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
    } as Awaited<ReturnType<Commands['look']>>
  }
  async raw(statement: string, values: readonly (string | number | null)[]) {
    return this.ctx.storage.sql.exec(statement, ...values).toArray() as Record<
      string,
      string | number | null
    >[]
  }
  async due(at: number) {
    this.ctx.storage.sql.exec('UPDATE zrecruit_schedule SET work_at = ?', at)
    await this.ctx.storage.setAlarm(at)
  }
}
const Plain = zohoConnectionObject(DurableObject<Env>, (env: Env) => options(env, ''))

const stopped = new Set<number>()

/**
 * The class of one store of many: what is written by it, it alone lists. Once it is stopped, each
 * object breaks as it is reached.
 */
export const forStore = (number: number) => {
  const breaks = async (ctx: { abort(reason: string): void }) => {
    if (stopped.has(number)) ctx.abort('stopped by the test')
  }
  const Base = zohoConnectionObject(DurableObject<Env>, (env: Env) => ({
    ...options(env, ''),
    store: durableObjectStore(env[`STORE${number}`] as ConnectionNamespace),
  }))
  return class extends Base {
    override async read() {
      await breaks(this.ctx)
      return super.read()
    }
    override async write(...given: Parameters<InstanceType<typeof Base>['write']>) {
      await breaks(this.ctx)
      return super.write(...given)
    }
    override async list(...given: Parameters<InstanceType<typeof Base>['list']>) {
      await breaks(this.ctx)
      return super.list(...given)
    }
  }
}

type Doers = {
  [Name in keyof Commands]: (
    env: Env,
    ...given: Parameters<Commands[Name]>
  ) => ReturnType<Commands[Name]>
}

const commands: Doers = {
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
  look: async (env, name) => env.ZOHO.getByName(await objectName(env, name)).look(),
  abort: async (env, name) =>
    env.ZOHO.getByName(await objectName(env, name))
      .abort()
      .catch(() => {}),
  push: async (_env, ms) => void (clock.ahead = ms),
  due: async (env, name, at) => env.ZOHO.getByName(await objectName(env, name)).due(at),
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
