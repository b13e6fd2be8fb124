import { createRecruitOAuth, type ConnectionStore, type RecruitOAuth } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import type { SimulatedTime } from './simulated-time.ts'
import { client, type Zoho } from './zoho.ts'

/** What the app's session says about the user: the connection's `id`, and its owner. */
export interface Owner {
  readonly id: string
  readonly principal: string
  readonly dataCenter: string
}

/** One process of the app: a client with its own cache. All processes share the store. */
export interface Process {
  readonly oauth: RecruitOAuth<Owner>
  /** After a kill, it sends no command and no request, and gets no response to earlier ones. */
  isDead: boolean
  /** Resolves when it is killed. */
  readonly death: Promise<'dead'>
}

const never = <T>(): Promise<T> => new Promise(() => {})

/**
 * The simulated processes of the app, which are deployed and killed. They share one store in
 * memory, which uses the simulated clock.
 */
export const createProcesses = (
  count: number,
  time: SimulatedTime,
  zoho: Zoho,
  random: () => number,
) => {
  const counts = { replaced: 0, deaths: 0 }
  const store = memoryStore({ now: time.now })

  const start = (): Process => {
    let die: (word: 'dead') => void = () => {}
    const self = { isDead: false, death: new Promise<'dead'>((resolve) => (die = resolve)) }
    // A command and its response take some time, and the process can be killed meanwhile.
    const runCommand = async <T>(command: () => Promise<T>): Promise<T> => {
      await time.sleep(random() * 3)
      if (self.isDead) return never()
      const response = await command()
      await time.sleep(random() * 3)
      return self.isDead ? never() : response
    }
    const ownStore: ConnectionStore = {
      read: (id) => runCommand(() => store.read(id)),
      write: (id, next, expected) => runCommand(() => store.write(id, next, expected)),
      list: (query) => runCommand(() => store.list(query)),
    }
    const kill = () => {
      if (self.isDead) return
      self.isDead = true
      counts.deaths += 1
      const index = processes.findIndex(({ death }) => death === self.death)
      if (index >= 0) processes[index] = start() // A deployment may have replaced it already.
      die('dead')
    }
    const toZoho = zoho.fetchFrom({ kill, isDead: () => self.isDead })
    const oauth = createRecruitOAuth<Owner>({
      ...client,
      scopes: ['ZohoRecruit.modules.ALL'],
      dataCenter: 'u0',
      dataCenters: zoho.dataCenters,
      store: ownStore,
      encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
      connectionFor: (owner) => owner,
      onEvent: () => {},
      monotonic: time.now,
      fetch: async (...call) => {
        if (self.isDead) return never()
        const response = await toZoho(...call).catch((error: unknown) => {
          if (self.isDead) return never<Response>()
          throw error
        })
        return self.isDead ? never() : response
      },
    })
    return Object.assign(self, { oauth })
  }
  const processes: Process[] = []
  for (let index = 0; index < count; index++) processes.push(start())

  return {
    processes,
    counts,
    pickProcess: () => processes[Math.floor(random() * processes.length)] as Process,
    /** A rolling deployment. The former processes finish their work. */
    async deploy() {
      for (let index = 0; index < count; index++) {
        processes[index] = start()
        counts.replaced += 1
        await time.sleep(20_000)
      }
    },
  }
}

export type Processes = ReturnType<typeof createProcesses>
