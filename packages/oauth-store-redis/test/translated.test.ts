import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { expect, it } from 'vitest'
import { toStoreError } from '../src/errors.ts'

// Errors that the servers of these tests do not return, as Redis 7.0 and scripts of Redis 6.2 and
// 7.2 write them.
it.each([
  ['MOVED 3999 10.0.0.7:6381', 'configuration-invalid', 'MOVED'],
  ['ASK 3999 10.0.0.7:6381', 'store-unavailable', 'ASK'],
  ['LOADING Redis is loading the dataset in memory', 'store-unavailable', 'LOADING'],
  [
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'store-unavailable',
    'MASTERDOWN',
  ],
  [
    'ERR Error running script (call to f_0123): @user_script:40: @user_script: 40: -OOM ' +
      "command not allowed when used memory > 'maxmemory'.",
    'store-unavailable',
    'OOM',
  ],
  [
    "@user_script: 2: -READONLY You can't write against a read only replica.",
    'configuration-invalid',
    'READONLY',
  ],
  [
    "ERR ACL failure in script: User app has no permissions to run the 'zadd' command " +
      'script: 0123, on @user_script:40.',
    'configuration-invalid',
    'NOPERM',
  ],
  ["ERR unknown command 'evalsha', with args beginning with: 'secret'", 'store-unavailable', 'ERR'],
])('converts %j to %s (%s)', (text, code, word) => {
  const error = toStoreError(new Error(text))
  expect(error).toMatchObject({ code, message: expect.stringContaining(`(${word})`) as string })
  expect(error.message).not.toMatch(/secret|10\.0\.0\.7|0123|zadd/)
})

it.each([
  [Object.assign(new Error('connect 127.0.0.1'), { code: 'ECONNREFUSED' }), ' (ECONNREFUSED)'],
  [new TypeError('x is undefined'), ' (TypeError)'],
  [new Error('secret'), ''],
  ['secret', ''],
  [undefined, ''],
])('names class and code of %s, and does not quote it', (error, reason) => {
  expect(toStoreError(error).message).toBe(
    `The Redis client failed${reason}. Its own error is the \`dangerousCause\` of the event ` +
      '`store-failed`.',
  )
  expect(toStoreError(error)).not.toHaveProperty('cause')
  expect(toStoreError(error)).not.toHaveProperty('written')
})

it.each(['The client is closed', 'The client is offline'])(
  'knows that nothing was sent after the error %s',
  (message) => {
    expect(toStoreError(new Error(message))).toMatchObject({
      code: 'store-unavailable',
      summary: 'The Redis client is not connected.',
      written: 'no',
    })
  },
)

it('returns errors of this library unchanged', () => {
  const ours = new RecruitOAuthError('argument-invalid')
  expect(toStoreError(ours)).toBe(ours)
})
