import { createRecruitOAuth, type ConnectionStore, type RecruitOAuth } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import type { SimulatedTime } from './simulated-time.ts'
import { client, type Zoho } from './zoho.ts'

/** Who asks, as the app's session would say. */
export interface Who {
  readonly id: string
  readonly principal: string
  readonly dataCenter: string
}

/**
 * One process of the app: a client with a memory of its own. What it shares with the others is the
 * store.
 */
export interface Process {
  readonly oauth: RecruitOAuth<Who>
  /**
   * `kill -9`: from now on nothing that it asked for is answered, and nothing that it asks for
   * happens.
   */
  dead: boolean
  /** Resolves when it dies. */
  readonly death: Promise<'dead'>
}

const ever = <T>(): Promise<T> => new Promise(() => {})

/**
 * The app's processes, which are deployed anew, and die. All in this process, on one store in
 * memory whose clock is the simulated one.
 */
export const processesOf = (
  count: number,
  time: SimulatedTime,
  zoho: Zoho,
  random: () => number,
) => {
  const counts = { restarts: 0, deaths: 0 }
  const store = memoryStore({ now: time.now })

  const begin = (): Process => {
    let die: (word: 'dead') => void = () => {}
    const self = { dead: false, death: new Promise<'dead'>((resolve) => (die = resolve)) }
    // A command takes a moment on its way there and back, and a process can die at both.
    const via = async <T>(command: () => Promise<T>): Promise<T> => {
      await time.sleep(random() * 3)
      if (self.dead) return ever()
      const answer = await command()
      await time.sleep(random() * 3)
      return self.dead ? ever() : answer
    }
    const own: ConnectionStore = {
      read: (id) => via(() => store.read(id)),
      write: (id, next, expected) => via(() => store.write(id, next, expected)),
      list: (query) => via(() => store.list(query)),
    }
    const kill = () => {
      if (self.dead) return
      self.dead = true
      counts.deaths += 1
      const place = processes.findIndex(({ death }) => death === self.death)
      if (place >= 0) processes[place] = begin() // One that was deployed away has its successor.
      die('dead')
    }
    const toZoho = zoho.fetchFrom({ kill, isDead: () => self.dead })
    const oauth = createRecruitOAuth<Who>({
      ...client,
      scopes: ['ZohoRecruit.modules.ALL'],
      dataCenter: 'u0',
      dataCenters: zoho.dataCenters,
      store: own,
      encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
      connectionFor: (who) => who,
      onEvent: () => {},
      monotonic: time.now,
      fetch: async (...call) => {
        const answer = await toZoho(...call)
        return self.dead ? ever() : answer
      },
    })
    return Object.assign(self, { oauth })
  }
  const processes: Process[] = []
  for (let one = 0; one < count; one++) processes.push(begin())

  return {
    processes,
    counts,
    any: () => processes[Math.floor(random() * processes.length)] as Process,
    /** A rolling deployment: each is replaced in its turn, and the former ends what it began. */
    async deploy() {
      for (let place = 0; place < count; place++) {
        processes[place] = begin()
        counts.restarts += 1
        await time.sleep(20_000)
      }
    },
  }
}

export type Processes = ReturnType<typeof processesOf>
