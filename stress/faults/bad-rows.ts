import { errorCodeOf } from '../code-of.ts'
import { tally } from '../figures.ts'
import type { Row } from '../experiment.ts'
import { openRawRows, type RawRows } from '../raw-rows.ts'
import type { Setup } from './setup.ts'

const otherKey = Buffer.alloc(32, 9).toString('base64')

/** A change of the row of the connection `bad`, and the error code that its callers must get. */
interface Corruption {
  readonly what: string
  readonly code: string
  readonly apply: (rows: RawRows) => Promise<void>
}

/** `good` and `other-key` are other connections. */
const corruptions: readonly Corruption[] = [
  {
    what: 'a byte of the envelope changed',
    code: 'record-unreadable',
    apply: async (rows) =>
      rows.change('bad', { envelope: flipCharacter(await rows.envelope('bad')) }),
  },
  {
    what: 'the envelope cut short',
    code: 'record-unreadable',
    apply: async (rows) =>
      rows.change('bad', { envelope: (await rows.envelope('bad')).slice(0, -40) }),
  },
  {
    what: 'no envelope at all',
    code: 'record-unreadable',
    apply: (rows) => rows.change('bad', { envelope: 'null' }),
  },
  {
    what: 'the envelope of another connection',
    code: 'record-unreadable',
    apply: async (rows) => rows.change('bad', { envelope: await rows.envelope('good') }),
  },
  {
    what: 'the row of another tenant',
    code: 'record-unreadable',
    apply: (rows) => rows.copy('good', 'bad'),
  },
  {
    what: 'another data center',
    code: 'record-unreadable',
    apply: (rows) => rows.change('bad', { dataCenter: 'us' }),
  },
  {
    what: 'another principal',
    code: 'record-unreadable',
    apply: (rows) => rows.change('bad', { principal: 'good' }),
  },
  {
    what: 'another revision',
    code: 'record-unreadable',
    apply: (rows) => rows.change('bad', { revision: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  },
  {
    what: 'sealed by an unknown key',
    code: 'key-unknown',
    apply: (rows) => rows.copy('other-key', 'bad'),
  },
]

/** M17: corrupted rows cause an error and no request; other connections keep working. */
export const badRows = async (setup: Setup): Promise<Row> => {
  await setup.connect('good')
  const rows = await openRawRows(setup.location, setup.zoho.client.id)
  setup.context.atEnd(() => rows.close())
  const appWithOtherKey = await setup.app({ encryptionKeys: [otherKey] })
  await appWithOtherKey.oauth
    .connection('other-key')
    .exchangeSelfClientCode(await setup.zoho.newCode(), { principal: 'other-key' })
  const unexpected: string[] = []
  const expected: string[] = []
  const verbs = ['accessToken', 'fetch', 'refresh', 'status', 'revoke'] as const
  let callsToZoho = 0
  let othersServed = 0
  for (const { what, code, apply } of corruptions) {
    await setup.connect('bad')
    await apply(rows)
    const before = await setup.zoho.calls()
    // A process without the valid row in its cache.
    const { oauth, requestToken } = await setup.app()
    for (const verb of verbs) {
      const connection = oauth.connection('bad')
      const call = verb === 'fetch' ? connection.fetch('Candidates') : connection[verb]()
      const outcome = await call.then(() => 'ok', errorCodeOf)
      if (outcome === code) expected.push(outcome)
      else unexpected.push(`${what}: ${verb} ${outcome}`)
    }
    const after = await setup.zoho.calls()
    callsToZoho +=
      after.token + after.api + after.revoke - before.token - before.api - before.revoke
    if ((await requestToken('good')).code === 'ok') othersServed += 1
    await oauth.connection('bad').forget() // The error's remedy.
  }
  const figures = {
    rows: corruptions.length,
    verbs: verbs.length,
    refused: tally(expected),
    unexpected: unexpected.length === 0 ? 0 : unexpected.join('; '),
    'calls to Zoho': callsToZoho,
    'others served': othersServed,
  }
  return setup.row(
    'M17 rows that were changed from outside',
    figures,
    'each refused with its code, 0 calls, others served',
    unexpected.length === 0 &&
      expected.length === corruptions.length * verbs.length &&
      callsToZoho === 0 &&
      othersServed === corruptions.length,
  )
}

/** Changes the character before the last one. */
const flipCharacter = (text: string): string =>
  `${text.slice(0, -2)}${text.at(-2) === 'A' ? 'B' : 'A'}${text.at(-1)}`
