import { describeAdapter, type AdapterHarness } from '@zrecruit/oauth-conformance'
import { afterAll, describe, it } from 'vitest'
import { startApp } from './subject/app.ts'
import { createNest11 } from './subject/nest-11.ts'

const nest11 = createNest11()
afterAll(() => nest11.end())

const subjects = [
  { name: 'NestJS 12 on Fastify', start: (settings) => startApp('fastify', settings) },
  nest11.subject('NestJS 11 on Express', 'express'),
  nest11.subject('NestJS 11 on Fastify', 'fastify'),
] satisfies AdapterHarness[]

for (const subject of subjects) describeAdapter(subject, { describe, it })
