import { describeAdapter } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { koaMount } from './mounts.ts'
import { subjectOn } from './subjects.ts'

describeAdapter(subjectOn('Koa 2', koaMount), { describe, it })
