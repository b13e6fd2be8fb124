import { posix } from 'node:path'

/**
 * What each room of core may read, and why not more (the arrow of ARCHITECTURE.md). A room that is
 * not here reads nothing. `types` names the rooms of which only the types may be read.
 */
interface Room {
  reads: readonly string[]
  types?: readonly string[]
  packages?: readonly string[]
  why: string
}

const pure = 'so that every case can be tested without a clock, a network or a store'
const plain = ['errors', 'domain', 'ports']
const behindTheDoor = [
  'errors',
  'domain',
  'machine',
  'ports',
  'seal',
  'memory',
  'wire',
  'client',
  'http',
]

const rooms: Readonly<Record<string, Room>> = {
  errors: { reads: [], why: 'errors is read by all rooms, so it reads none' },
  domain: { reads: ['errors'], why: `domain is the words alone, ${pure}` },
  machine: { reads: ['errors', 'domain'], why: `machine decides and does nothing, ${pure}` },
  ports: {
    reads: ['errors', 'domain'],
    types: ['machine'],
    why: 'ports says what a host lends; it holds interfaces and runs nothing',
  },
  seal: {
    reads: plain,
    why: 'seal makes and opens envelopes; it does not know what a grant or a refresh is',
  },
  memory: {
    reads: plain,
    why: 'a store keeps sealed records and compares revisions; it does not know who calls it',
  },
  sqlite: {
    reads: plain,
    packages: ['node:'],
    why: 'a store keeps sealed records and compares revisions; it does not know who calls it',
  },
  wire: {
    reads: plain,
    why: 'wire speaks to Zoho; what to do with the answer is decided above it',
  },
  client: {
    reads: ['errors', 'domain', 'ports', 'machine', 'wire', 'seal', 'memory'],
    why:
      'client holds the verbs for every host: it knows no routes, no framework and no durable ' +
      'store',
  },
  http: {
    reads: ['errors', 'domain', 'ports', 'client'],
    why: 'http translates between requests and the verbs of client; the rest is behind client',
  },
  node: {
    reads: ['errors', 'domain', 'ports', 'client', 'http'],
    packages: ['node:'],
    why: 'node translates between IncomingMessage and Request, no more',
  },
}

/**
 * The files beside the rooms, `src/index.ts` first: what they read, every runtime must be able to
 * load.
 */
const door: Room = {
  reads: behindTheDoor,
  why: 'the main door loads in every web-standard runtime; node and sqlite have doors of their own',
}

/** What the sources of the other packages may import from outside of themselves. */
const packages: Readonly<
  Record<string, { only?: readonly string[]; never?: readonly string[]; why: string }>
> = {
  'oauth-store-durable-object': {
    only: ['@zrecruit/oauth-core'],
    why: 'a store knows the contract of core; Cloudflare is lent to it by the app',
  },
  'oauth-store-redis': {
    only: ['@zrecruit/oauth-core', 'node:'],
    why: 'a store knows the contract of core; the Redis client is lent to it by the app',
  },
  'oauth-store-postgres': {
    only: ['@zrecruit/oauth-core'],
    why: 'a store knows the contract of core; the driver is lent to it by the app',
  },
  'oauth-hono': {
    only: ['@zrecruit/oauth-core', 'hono'],
    why: 'an adapter is thin: it knows core by its doors, and its framework',
  },
  'oauth-koa': {
    only: ['@zrecruit/oauth-core', 'koa'],
    why: 'an adapter is thin: it knows core by its doors, and of its framework the types',
  },
  'oauth-nestjs': {
    only: ['@zrecruit/oauth-core', '@nestjs/common', '@nestjs/core', 'node:'],
    why:
      'an adapter is thin: it knows core by its doors, and its framework; the platform below ' +
      'Nest is the app’s choice',
  },
  'oauth-conformance': {
    only: ['@zrecruit/oauth-core', '@zrecruit/oauth-emulator', 'node:'],
    why:
      'the cases speak HTTP to any app, and call any store: they know core’s doors and the ' +
      'emulator, and no framework and no database',
  },
  'oauth-emulator': {
    never: ['@zrecruit/'],
    why:
      'the emulator shares no code with the client: what the one gets wrong, the other must ' +
      'catch',
  },
}

interface Import {
  /** Path of the importing file from the repository's root, with `/`. */
  file: string
  source: string
  typeOnly: boolean
}

/** The reason why this import is against the arrow, or nothing. */
export function against(imported: Import): string | undefined {
  const place = /^(packages\/[^/]+|examples\/[^/]+\/[^/]+)\//.exec(imported.file)?.[1]
  if (place === undefined) return undefined
  if (!imported.source.startsWith('.')) return againstPackages(imported)
  const target = posix.join(posix.dirname(imported.file), imported.source)
  if (!target.startsWith(`${place}/`) && !imported.file.endsWith('.config.ts'))
    return (
      `'${imported.source}' is outside of ${place}: other packages are entered by their name, ` +
      'as a user would'
    )
  const core = 'packages/oauth-core/src/'
  return imported.file.startsWith(core) && target.startsWith(core)
    ? againstRooms(imported, imported.file.slice(core.length), target.slice(core.length))
    : undefined
}

function againstRooms({ source, typeOnly }: Import, from: string, to: string): string | undefined {
  const [here, there] = [roomOf(from), roomOf(to)]
  if (here === there) return undefined
  if (there === undefined) return `'${source}': no room reads the door, the door reads the rooms`
  const room = here === undefined ? door : rooms[here]
  const name = here ?? 'the door'
  if (room === undefined)
    return `the room ${name} is not in the table of rooms (scripts/lint/rooms.ts)`
  const typesOnly = room.types?.includes(there) === true
  if (!room.reads.includes(there) && !typesOnly) return `${name} may not read ${there}: ${room.why}`
  if (typesOnly && !typeOnly)
    return `${name} may read only types of ${there} (import type): ${room.why}`
  if (to !== `${there}/index.ts`)
    return `'${source}': a room is entered by its index.ts, so that the rest of it can change`
  return undefined
}

function againstPackages({ file, source }: Import): string | undefined {
  const [, name, rest] = /^packages\/([^/]+)\/src\/(.+)$/.exec(file) ?? []
  if (name === undefined || rest === undefined) return undefined
  if (name === 'oauth-core') {
    const here = roomOf(rest)
    const room = here === undefined ? door : rooms[here]
    if (room?.packages?.some((allowed) => isWithin(source, allowed))) return undefined
    if (isWithin(source, 'node:'))
      return (
        `'${source}': only the rooms node and sqlite may say node:, the others run on any ` +
        'web-standard runtime'
      )
    return (
      `'${source}': core depends on nothing; stores and adapters take the user's own driver or ` +
      'framework'
    )
  }
  const rule = packages[name]
  if (rule === undefined) return undefined
  const wrong =
    rule.never?.some((banned) => isWithin(source, banned)) === true ||
    (rule.only !== undefined && !rule.only.some((allowed) => isWithin(source, allowed)))
  return wrong ? `${name} may not import '${source}': ${rule.why}` : undefined
}

const roomOf = (path: string): string | undefined =>
  path.includes('/') ? path.split('/')[0] : undefined

const isWithin = (source: string, allowed: string): boolean =>
  /[:/]$/.test(allowed)
    ? source.startsWith(allowed)
    : source === allowed || source.startsWith(`${allowed}/`)
