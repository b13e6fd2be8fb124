import { adapterCases, runAdapterCase } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { koaMount, mounts } from './mounts.ts'
import { subjectsWith } from './subjects.ts'

// With koa-mount, the conformance suite as a whole has run them.
const others = mounts.filter((mounted) => mounted !== koaMount)
const wholeApp = adapterCases.filter(({ id }) => id.startsWith('whole-app-'))

describe.each(
  others.flatMap((mounted) =>
    subjectsWith(mounted).map((subject) => [subject.name, mounted.name, subject] as const),
  ),
)('%s, the routes mounted by %s', (_, __, subject) => {
  it.each(wholeApp.map((one) => [one.id, one.title, one] as const))(
    'G1: %s: %s',
    (_id, _title, one) => runAdapterCase(subject, one),
  )
})
