import {
  Controller,
  Inject,
  NotFoundException,
  Req,
  Res,
  VERSION_NEUTRAL,
  type Type,
} from '@nestjs/common'
import type { IncomingMessage } from 'node:http'
import type { Client } from './client.ts'
import { answer, webRequest, type FrameworkReply, type FrameworkRequest } from './http.ts'

// By this the client is provided within its module.
export const CLIENT = 'ZohoRecruitModule.forRoot()'
// Their class has it, whichever copy of this package it is from.
export const isRoutes = Symbol.for('@zrecruit/oauth-nestjs/routes')

/**
 * A controller rather than a middleware: the app's guards (in Nest, it is they who know the user),
 * its interceptors and filters stand before it as before any other, and Fastify answers with its
 * own reply, hooks and all. One class for each module, because path and decorators are the class's.
 */
export const createRoutes = (
  path: string | string[],
  decorators: readonly ClassDecorator[],
): Type => {
  class ZohoRecruitController {
    static readonly [isRoutes] = true
    declare readonly client: Client

    async answer(request: FrameworkRequest, reply: FrameworkReply): Promise<void> {
      const response = await this.client.handle(webRequest(request), { context: request })
      // The router has decoded the path, or takes capitals for small letters; one that is not
      // spelled so is not ours.
      if (!response) throw new NotFoundException(`Cannot ${request.method} ${request.originalUrl}`)
      await answer(response, reply)
    }
  }
  const { prototype } = ZohoRecruitController
  Inject(CLIENT)(prototype, 'client')
  Req()(prototype, 'answer', 0)
  Res()(prototype, 'answer', 1)
  for (const decorate of [Controller({ path, version: VERSION_NEUTRAL }), ...decorators])
    decorate(ZohoRecruitController)
  return ZohoRecruitController
}

/**
 * Fastify refuses what it has no parser for, before a route is asked. Ours read no body, so theirs
 * is none.
 */
export const withoutBody = ({ headers }: IncomingMessage, _: unknown, next: () => void): void => {
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete headers[name]
  next()
}
