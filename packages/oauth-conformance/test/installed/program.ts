import { equal } from 'node:assert/strict'
import { adapterCases, describeAdapter, runAdapterCase } from '@zrecruit/oauth-conformance'
import { connectionOf } from '@zrecruit/oauth-conformance/app'
import { subject } from './readme.js'

const main = async (): Promise<void> => {
  // A runner that only counts: all cases are handed to it.
  let tests = 0
  describeAdapter(subject, { describe: (_title, body) => body(), it: () => void tests++ })
  equal(tests, adapterCases.length)
  for (const one of adapterCases.filter(({ id }) => id === 'whole-life' || id === 'callback-head')) await runAdapterCase(subject, one)
  equal(connectionOf('session=alice@acme')?.id, 'acme')
  console.log('it works')
}
void main()
