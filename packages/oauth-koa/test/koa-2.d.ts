// Koa 2 beside Koa 3, with the same types.
declare module 'koa-2' {
  import Koa = require('koa')
  export = Koa
}
