import { describeAdapter } from '@zrecruit/oauth-conformance'
import { afterAll, describe, it } from 'vitest'
import { subjects } from './subjects.ts'

afterAll(() => Promise.all(subjects.map(({ end }) => end())))

// Where another system has no such program the row says so; where `CI` is set its cases fail.
for (const { subject, installed } of subjects)
  describeAdapter(subject, { describe: describe.skipIf(!installed && !process.env['CI']), it })
