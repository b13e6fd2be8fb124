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
import { CLIENT, routesMark } from './constants.ts'
import { sendResponse, type FrameworkReply, type FrameworkRequest } from './http.ts'
import { toRouteRequest } from './request-path.ts'

/**
 * Creates the controller of the routes. The routes are a controller and not a middleware, so that
 * the app's guards, interceptors and filters run as for any other controller. In Nest, guards
 * identify the user. Fastify sends its own reply, so all of its hooks run. Each module has its own
 * class, because path and decorators belong to the class.
 */
export const createController = (
  path: string | string[],
  decorators: readonly ClassDecorator[],
): Type => {
  class ZohoRecruitController {
    static readonly [routesMark] = true
    declare readonly client: Client

    async answer(request: FrameworkRequest, reply: FrameworkReply): Promise<void> {
      const response = await this.client.handle(toRouteRequest(request), { context: request })
      // Nest's router decodes paths and may ignore case. The library's routes match exactly, so
      // they may not know a path that the router has matched.
      if (!response) throw new NotFoundException(`Cannot ${request.method} ${request.originalUrl}`)
      await sendResponse(response, reply)
    }
  }
  const { prototype } = ZohoRecruitController
  Inject(CLIENT)(prototype, 'client')
  Req()(prototype, 'answer', 0)
  Res()(prototype, 'answer', 1)
  Controller({ path, version: VERSION_NEUTRAL })(ZohoRecruitController)
  for (const decorate of decorators) decorate(ZohoRecruitController)
  return ZohoRecruitController
}

/**
 * A middleware that hides the body. Fastify refuses content types without a parser before it calls
 * the handler, and the library's routes read no body.
 */
export const ignoreBody = ({ headers }: IncomingMessage, _: unknown, next: () => void): void => {
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete headers[name]
  next()
}
