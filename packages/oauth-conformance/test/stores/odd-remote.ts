import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { RecruitOAuthError } from '@zrecruit/oauth-core'

// A store that returns data about its process, and fails for certain ids.
serveStore((password: string) => {
  if (password === 'wrong') throw new Error('the password is wrong')
  const openedAt = Date.now()
  const originAt = performance.timeOrigin
  return {
    async read(id) {
      if (id === 'ours')
        throw new RecruitOAuthError('argument-invalid', {
          summary: 'The id is ours.',
          hint: 'Pass another.',
        })
      if (id === 'foreign') throw new TypeError('not ours')
      if (id === 'never') return new Promise(() => {})
      return {
        asOf: {
          pid: process.pid,
          openedAt,
          originAt,
          now: new Date().getTime(),
          epoch: new Date(0).getTime(),
          parsed: Date.parse('1970-01-02'),
          isDate: new Date() instanceof Date,
        } as never,
      }
    },
    write: async (_id, next) => ({ written: next === undefined, asOf: 0 }),
    list: async ({ limit }) => [{ id: `\u001f😀${limit}`, status: 'active', pending: false }],
  }
})
