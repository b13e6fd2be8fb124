import {
  createRecruitOAuth,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { FlowOptions, Flows } from './commands.ts'
import { objectName } from './own-rows.ts'
import type { Env } from './worker.ts'

/** The operations that the Worker can run step by step. */
const operations = {
  connect: (client: RecruitOAuth, id: string, code: string) =>
    client.connection(id).exchangeSelfClientCode(code, { principal: 'ann' }),
  accessToken: (client: RecruitOAuth, id: string) => client.connection(id).accessToken(),
  revoke: (client: RecruitOAuth, id: string) => client.connection(id).revoke(),
  connections: (client: RecruitOAuth, query?: object) => client.connections(query),
  recover: (client: RecruitOAuth, given?: { limit: number }) => client.recover(given),
  revokeAll: (client: RecruitOAuth, principal: string) => client.revokeAll(principal),
  reencryptAll: (client: RecruitOAuth) => client.reencryptAll(),
}

interface Dependencies {
  options(env: Env, where: string): RecruitOAuthOptions
  gate(env: Env, point: string): Promise<void>
  monotonic(): number
}

type FlowHandlers = {
  [Name in keyof Flows]: (env: Env, ...given: Parameters<Flows[Name]>) => ReturnType<Flows[Name]>
}

export const flowsWith = ({ options, gate, monotonic }: Dependencies): FlowHandlers => {
  const stepByStep = (
    env: Env,
    { as = '', stopsAt = Infinity, losesAt = Infinity }: FlowOptions,
  ) => {
    const steps: string[] = []
    const step = async (name: string) => {
      if (steps.length >= stopsAt) await gate(env, `${as} stops`)
      const isLost = steps.length === losesAt
      steps.push(name)
      if (!isLost) return
      await env.ZOHO.getByName(await objectName(env, `c:${as}`))
        .abort()
        .catch(() => {})
      throw new Error('The response was lost.')
    }
    const asSteps = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
      await step(`before ${call}`)
      const response = await work()
      await step(`after ${call}`)
      return response
    }
    const { store, ...others } = options(env, 'worker')
    if (!store) throw new Error('no store')
    const client = createRecruitOAuth({
      ...others,
      store: {
        read: async (id) => asSteps('read', () => store.read(id)),
        write: async (id, next, expected) =>
          asSteps(`write of ${next?.status ?? 'nothing'}`, () => store.write(id, next, expected)),
        list: async (query) => asSteps('list', () => store.list(query)),
      },
      fetch: async (url, init) => asSteps(new URL(url).pathname, () => fetch(url, init)),
    })
    return { client, steps }
  }
  let lastingClient: RecruitOAuth | undefined
  return {
    async flow(env, operation, given, flowOptions = {}) {
      const { client, steps } = stepByStep(env, flowOptions)
      const run = operations[operation as keyof typeof operations] as (
        client: RecruitOAuth,
        ...given: unknown[]
      ) => Promise<unknown>
      const result = await run(client, ...given)
      return { steps, result }
    },
    serve: (env, id) =>
      (lastingClient ??= createRecruitOAuth({ ...options(env, 'worker'), monotonic }))
        .connection(id)
        .accessToken(),
    raw: async (env, name, statement, values = []) =>
      env.ZOHO.getByName(await objectName(env, name)).raw(statement, values),
    setGatePoints: async (env, name, points) =>
      env.ZOHO.getByName(await objectName(env, name)).setGatePoints(points),
  }
}
