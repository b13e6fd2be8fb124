import { describeAdapter } from '@zrecruit/oauth-conformance'
import { afterAll, describe, it } from 'vitest'
import { subjects } from './subjects.ts'

afterAll(() => Promise.all(subjects.map(({ end }) => end())))

for (const { subject, installed } of subjects) {
  if (installed) describeAdapter(subject, { describe, it })
  // Where another system has no such program the cell says so; where `CI` is set that is an error.
  else describe(`conformance: ${subject.name}`, () => (process.env['CI'] ? it : it.skip)('its runtime is not installed', () => Promise.reject(new Error(`${subject.name}: its runtime is not installed.`))))
}
