import { expect, it, onTestFinished } from 'vitest'
import { dataCenterOf } from '../../src/client/consent/callback-data-center.ts'
import { readParameters } from '../../src/client/consent/callback.ts'
import { configure } from '../../src/config/configure.ts'
import {
  isRecruitOAuthError,
  zohoDataCenters,
  type RecruitOAuthOptions,
  type ZohoDataCenterId,
} from '../../src/index.ts'
import { key } from '../client/setup.ts'
import { freshSeed, mulberry, pick } from './random.ts'

const ids = Object.keys(zohoDataCenters) as ZohoDataCenterId[]
const state = 'S'.repeat(43)
const servers = ids.map((id) => zohoDataCenters[id].accountsServer)

const names = [
  'code',
  'state',
  'error',
  'location',
  'accounts-server',
  'iss',
  'Accounts-Server',
  'accounts_server',
  'accounts%2Dserver',
  '__proto__',
  'constructor',
  'token',
  'x',
  '',
  'location[]',
  'code%00',
]
const values = [
  '1000.code',
  state,
  state.slice(1),
  `${state}S`,
  'access_denied',
  ...ids,
  ...servers,
  ...servers.map(encodeURIComponent),
  'US',
  'mars',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'length',
  '0',
  '',
  'null',
  'undefined',
  '[object Object]',
  'https://accounts.zoho.com@evil.example',
  'https://accounts.zoho.com.evil.example',
  'https://accounts.zoho.com:443',
  'https://accounts.zoho.com/',
  '//evil.example',
  '%00',
  '%0d%0a',
  '%E2%80%A8',
  '%',
  '%zz',
  '%C0%AF',
  '%ED%A0%80',
  '%F0%9F%98%80',
  '\ud800',
  '\u{1f600}',
  '+',
  ' ',
]
const separators = ['&', '&', '&', '=', ';', '&&', '?', '#', '']

/** A query as Zoho sends it, or pieces of one, that is then cut, repeated or altered. */
const makeQuery = (random: () => number): string => {
  const id = pick(ids, random())
  const server = encodeURIComponent(zohoDataCenters[id].accountsServer)
  let query = `state=${state}&code=1000.code&location=${id}&accounts-server=${server}`
  if (random() % 4 === 0) {
    query = ''
    for (let left = random() % 8; left >= 0; left--)
      query += `${pick(names, random())}=${pick(values, random())}${pick(separators, random())}`
  }
  for (let left = random() % 4; left > 0; left--) {
    const at = random() % (query.length + 1)
    switch (random() % 7) {
      case 0:
        query = query.slice(0, at) + query.slice(at + (random() % 12))
        break
      case 1:
        query =
          query.slice(0, at) +
          String.fromCharCode(random() % (random() % 2 ? 0x80 : 0x10000)) +
          query.slice(at)
        break
      case 2:
        query = `${query}&${pick(names, random())}=${pick(values, random())}`
        break
      case 3:
        query = `${pick(names, random())}=${pick(values, random())}&${query}`
        break
      case 4:
        query = query.replace(/(accounts-server|location)=[^&]*/, `$1=${pick(values, random())}`)
        break
      case 5:
        query = query.replace(pick(names, random()), pick(names, random()))
        break
      default:
        query = random() % 200 ? query.toUpperCase() : `${query}&x=${'c'.repeat(random() % 9_000)}`
    }
  }
  return query
}

it('B4, B5: a million callbacks cause only known errors and known data centers', () => {
  const seed = freshSeed()
  const random = mulberry(seed)
  const { us: _none, ...secrets } = Object.fromEntries(ids.map((id) => [id, `secret-of-${id}`]))
  const configOf = (clientSecret: RecruitOAuthOptions['clientSecret']) => ({
    ...configure({
      clientId: '1000.CLIENT',
      clientSecret,
      dataCenter: 'eu',
      redirectUri: 'https://app.example.com/zoho/callback',
      scopes: ['ZohoRecruit.modules.ALL'],
      encryptionKeys: [key],
      connectionFor: () => undefined,
    }),
    // An ordinary object, in which a key of its prototype could be found.
    dataCenters: zohoDataCenters,
  })
  // One secret for all data centers, and one for each except one.
  const configs = [
    { config: configOf('secret'), known: zohoDataCenters as object },
    { config: configOf(secrets), known: secrets },
  ]
  const { stackTraceLimit } = Error
  // Nine of ten callbacks are errors, and their stack traces take most of the time.
  Error.stackTraceLimit = 0
  onTestFinished(() => void (Error.stackTraceLimit = stackTraceLimit))
  const seen: Record<string, number> = {}
  for (let index = 0; index < 1_000_000; index++) {
    const query = makeQuery(random)
    const fail = (what: string) => expect.fail(`seed ${seed}: ${what}: ${JSON.stringify(query)}`)
    const { config, known } = pick(configs, index)
    let outcome = 'ok'
    try {
      const callback = readParameters(query)
      if (
        callback.state !== callback.dangerousParameters.get('state') ||
        !/^[A-Za-z0-9_-]{43}$/.test(callback.state)
      )
        fail('another state')
      const code = callback.dangerousParameters.get('code')
      if (code !== null && !/^[\x21-\x7e]{1,2048}$/.test(code)) fail('an invalid code')
      outcome = 'read'
      const id = dataCenterOf(config, callback.dangerousParameters, 'eu')
      outcome = 'ok'
      if (!Object.hasOwn(known, id)) fail(`an unknown data center: ${id}`)
      // A callback that names an accounts server leads to the server with this origin.
      const named = callback.dangerousParameters.get('accounts-server')
      const expected = zohoDataCenters[id as ZohoDataCenterId].accountsServer
      const isNamed = new RegExp(`^${expected.replaceAll('.', '\\.')}(:0*443|:)?/?$`, 'i')
      if (named !== null && !isNamed.test(named)) fail(`${id} is not the named data center`)
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      outcome = error.code
    }
    seen[outcome] = (seen[outcome] ?? 0) + 1
  }
  expect(Object.keys(seen).toSorted()).toEqual([
    'callback-malformed',
    'data-center-mismatch',
    'data-center-unknown',
    'ok',
  ])
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5_000)
}, 240_000)
