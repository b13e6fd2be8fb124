import Router from '@koa/router'
import express from 'express'
import type { RequestListener } from 'node:http'
import type Koa from 'koa'
import mount from 'koa-mount'
import type { ZohoRecruit } from '../src/index.ts'

/** A way to mount the routes that the README allows. */
export interface Mount {
  readonly name: string
  use(app: Koa, zoho: ZohoRecruit, prefix: string): void
  /** Creates the request listener. Default: that of the app. */
  serve?(app: Koa): RequestListener
}

const useRoutes = (app: Koa, zoho: ZohoRecruit): unknown => app.use(zoho.routes())

export const koaMount: Mount = {
  name: 'koa-mount',
  use: (app, zoho, prefix) => app.use(mount(prefix || '/', zoho.routes())),
}

export const mounts: readonly Mount[] = [
  koaMount,
  { name: 'app.use', use: useRoutes },
  {
    name: 'a route of @koa/router',
    use: (app, zoho, prefix) =>
      app.use(new Router().all(`${prefix}/:route`, zoho.routes()).routes()),
  },
  {
    name: 'a router with a prefix',
    use: (app, zoho, prefix) =>
      app.use(new Router({ prefix }).all('/:route', zoho.routes()).routes()),
  },
  { name: 'a Koa app in Express', use: useRoutes, serve: (app) => express().use(app.callback()) },
  {
    name: 'a Koa app below a path of Express',
    use: useRoutes,
    serve: (app) => express().use('/zoho', app.callback()).use('/', app.callback()),
  },
]
