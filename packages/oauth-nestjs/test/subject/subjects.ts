import type { AdapterHarness } from '@zrecruit/oauth-conformance'
import { afterAll } from 'vitest'
import { startApp } from './app.ts'
import { nest11 } from './nest-11.ts'

/**
 * Both versions of Nest on both of its platforms. What runs in another process ends with the file's
 * tests.
 */
export const subjects = (): readonly AdapterHarness[] => {
  const former = nest11()
  afterAll(() => former.end())
  return [
    former.subject('NestJS 11 on Express', 'express'),
    former.subject('NestJS 11 on Fastify', 'fastify'),
    { name: 'NestJS 12 on Express', start: (settings) => startApp('express', settings) },
    { name: 'NestJS 12 on Fastify', start: (settings) => startApp('fastify', settings) },
  ]
}
