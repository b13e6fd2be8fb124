import { codeOf } from '../code-of.ts'
import { tally } from '../figures.ts'
import type { Row } from '../experiment.ts'
import { openRawRows, type RawRows } from '../raw-rows.ts'
import type { Setup } from './setup.ts'

const otherKey = Buffer.alloc(32, 9).toString('base64')

/**
 * What is put into a real store past its code, and what a caller of `bad` must hear. `good` and
 * `elsewhere` are other connections.
 */
const wrongs: readonly { what: string; code: string; put: (rows: RawRows) => Promise<void> }[] = [
  {
    what: 'a byte of the envelope changed',
    code: 'record-unreadable',
    put: async (rows) => rows.change('bad', { envelope: flipped(await rows.envelope('bad')) }),
  },
  {
    what: 'the envelope cut short',
    code: 'record-unreadable',
    put: async (rows) =>
      rows.change('bad', { envelope: (await rows.envelope('bad')).slice(0, -40) }),
  },
  {
    what: 'no envelope at all',
    code: 'record-unreadable',
    put: (rows) => rows.change('bad', { envelope: 'null' }),
  },
  {
    what: 'the envelope of another connection',
    code: 'record-unreadable',
    put: async (rows) => rows.change('bad', { envelope: await rows.envelope('good') }),
  },
  {
    what: 'the row of another tenant',
    code: 'record-unreadable',
    put: (rows) => rows.copy('good', 'bad'),
  },
  {
    what: 'another data center',
    code: 'record-unreadable',
    put: (rows) => rows.change('bad', { dataCenter: 'us' }),
  },
  {
    what: 'another principal',
    code: 'record-unreadable',
    put: (rows) => rows.change('bad', { principal: 'good' }),
  },
  {
    what: 'another revision',
    code: 'record-unreadable',
    put: (rows) => rows.change('bad', { revision: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  },
  {
    what: 'sealed by a key that nobody has',
    code: 'key-unknown',
    put: (rows) => rows.copy('elsewhere', 'bad'),
  },
]

/** M17: a row that is not what it says it is reaches no network, and says so; others go on. */
export const badRows = async (scene: Setup): Promise<Row> => {
  await scene.connect('good')
  const rows = await openRawRows(scene.place, scene.zoho.client.id)
  scene.bench.atEnd(() => rows.close())
  const stranger = await scene.app({ encryptionKeys: [otherKey] })
  await stranger.oauth
    .connection('elsewhere')
    .exchangeSelfClientCode(await scene.zoho.newCode(), { principal: 'elsewhere' })
  const [unlike, wrongCode] = [[] as string[], [] as string[]]
  const verbs = ['accessToken', 'fetch', 'refresh', 'status', 'revoke'] as const
  let [network, others] = [0, 0]
  for (const { what, code, put } of wrongs) {
    await scene.connect('bad')
    await put(rows)
    const before = await scene.zoho.calls()
    // A process that never saw the row when it was good.
    const { oauth, ask } = await scene.app()
    for (const verb of verbs) {
      const connection = oauth.connection('bad')
      const met = await (
        verb === 'fetch' ? connection.fetch('Candidates') : connection[verb]()
      ).then(() => 'ok', codeOf)
      if (met !== code) unlike.push(`${what}: ${verb} ${met}`)
      else wrongCode.push(met)
    }
    const after = await scene.zoho.calls()
    network += after.token + after.api + after.revoke - before.token - before.api - before.revoke
    if ((await ask('good')).code === 'ok') others += 1
    await oauth.connection('bad').forget() // The way out that the error names.
  }
  const figures = {
    rows: wrongs.length,
    verbs: verbs.length,
    refused: tally(wrongCode),
    unlike: unlike.length === 0 ? 0 : unlike.join('; '),
    'calls to Zoho': network,
    'others served': others,
  }
  return scene.row(
    'M17 rows that nobody of ours wrote',
    figures,
    'each refused by its code, 0 calls, others served',
    unlike.length === 0 &&
      wrongCode.length === wrongs.length * verbs.length &&
      network === 0 &&
      others === wrongs.length,
  )
}

const flipped = (text: string): string =>
  `${text.slice(0, -2)}${text.at(-2) === 'A' ? 'B' : 'A'}${text.at(-1)}`
