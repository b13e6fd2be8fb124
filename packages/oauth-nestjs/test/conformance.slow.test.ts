import { describeAdapter, type AdapterHarness } from '@zrecruit/oauth-conformance'
import { afterAll, describe, it } from 'vitest'
import { startApp } from './subject/app.ts'
import { nest11 } from './subject/nest-11.ts'

const former = nest11()
afterAll(() => former.end())

const subjects = [
  { name: 'NestJS 12 on Fastify', start: (settings) => startApp('fastify', settings) },
  former.subject('NestJS 11 on Express', 'express'),
  former.subject('NestJS 11 on Fastify', 'fastify'),
] satisfies AdapterHarness[]

for (const subject of subjects) describeAdapter(subject, { describe, it })
