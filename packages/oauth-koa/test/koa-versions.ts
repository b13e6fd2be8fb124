import Koa3 from 'koa'
import Koa2 from 'koa-2'

/** The major versions of Koa that the adapter supports. */
export const koaVersions = [
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
] as const
