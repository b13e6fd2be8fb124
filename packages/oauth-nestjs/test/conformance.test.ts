import { describeAdapter } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { subjects } from './subject/subjects.ts'

for (const subject of subjects()) describeAdapter(subject, { describe, it })
