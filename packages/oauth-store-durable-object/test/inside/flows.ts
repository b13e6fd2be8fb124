import {
  createRecruitOAuth,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { Flow, Flows } from './commands.ts'
import { objectName } from './own-rows.ts'
import type { Env } from './worker.ts'

/** What the Worker can do step by step: a step is what it asks of the store or of Zoho. */
const verbs = {
  connect: (client: RecruitOAuth, id: string, code: string) =>
    client.connection(id).exchangeSelfClientCode(code, { principal: 'ann' }),
  accessToken: (client: RecruitOAuth, id: string) => client.connection(id).accessToken(),
  revoke: (client: RecruitOAuth, id: string) => client.connection(id).revoke(),
  connections: (client: RecruitOAuth, query?: object) => client.connections(query),
  recover: (client: RecruitOAuth, given?: { limit: number }) => client.recover(given),
  revokeAll: (client: RecruitOAuth, principal: string) => client.revokeAll(principal),
  reencryptAll: (client: RecruitOAuth) => client.reencryptAll(),
}

interface Setting {
  options(env: Env, where: string): RecruitOAuthOptions
  gate(env: Env, point: string): Promise<void>
  monotonic(): number
}

type Doers = {
  [Name in keyof Flows]: (env: Env, ...given: Parameters<Flows[Name]>) => ReturnType<Flows[Name]>
}

export const flowsWith = ({ options, gate, monotonic }: Setting): Doers => {
  const stepByStep = (env: Env, { as = '', stopsAt = Infinity, losesAt = Infinity }: Flow) => {
    const steps: string[] = []
    const step = async (what: string) => {
      if (steps.length >= stopsAt) await gate(env, `${as} stops`)
      steps.push(what)
      if (steps.length !== losesAt + 1) return
      await env.ZOHO.getByName(await objectName(env, `c:${as}`))
        .abort()
        .catch(() => {})
      throw new Error('The answer was lost.')
    }
    const around = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      await step(`before ${what}`)
      const answer = await work()
      await step(`after ${what}`)
      return answer
    }
    const { store, ...others } = options(env, 'worker')
    if (!store) throw new Error('no store')
    const client = createRecruitOAuth({
      ...others,
      store: {
        read: async (id) => around('read', () => store.read(id)),
        write: async (id, next, expected) =>
          around(`write of ${next?.status ?? 'nothing'}`, () => store.write(id, next, expected)),
        list: async (query) => around('list', () => store.list(query)),
      },
      fetch: async (url, init) => around(new URL(url).pathname, () => fetch(url, init)),
    })
    return { client, steps }
  }
  let lasting: RecruitOAuth | undefined
  return {
    async flow(env, verb, given, flow = {}) {
      const { client, steps } = stepByStep(env, flow)
      const result = await (
        verbs[verb as keyof typeof verbs] as (
          client: RecruitOAuth,
          ...given: unknown[]
        ) => Promise<unknown>
      )(client, ...given)
      return { steps, result }
    },
    serve: (env, id) =>
      (lasting ??= createRecruitOAuth({ ...options(env, 'worker'), monotonic }))
        .connection(id)
        .accessToken(),
    raw: async (env, name, statement, values = []) =>
      env.ZOHO.getByName(await objectName(env, name)).raw(statement, values),
    asks: async (env, name, points) => env.ZOHO.getByName(await objectName(env, name)).asks(points),
  }
}
