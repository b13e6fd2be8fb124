import { createRecruitOAuth } from '@zrecruit/oauth-core'
import { casesOf } from '../adapter-case.ts'
import { connectionOf } from '../session.ts'
import type { TestRequest } from '../harness/send-request.ts'
import type { TestContext } from '../harness/test-context.ts'
import { equal } from './expect.ts'

const page = { accept: 'text/html', cookie: 'session=alice@acme' }
const script = { accept: 'application/json', cookie: 'session=alice@acme' }

/** Expects the same response as core: the status, every header that core sets, and the body. */
const expectSameAsCore = async (
  { start }: TestContext,
  { method = 'GET', path, headers = {} }: TestRequest,
) => {
  const { send, settings } = await start()
  const core = createRecruitOAuth({
    ...settings.options,
    connectionFor: ({ headers: sent }) => connectionOf(sent.get('cookie')),
    onEvent: () => {},
  })
  const request = new Request(`https://app.example.com${path}`, { method, headers })
  const expected = (await core.handle(request)) ?? (await core.requireConnection(request))
  if (!(expected instanceof Response)) throw new Error(`Core does not answer ${path}.`)
  const response = await send({ method, path, headers })
  const receivedHeaders = Object.fromEntries(
    [...expected.headers].map(([name]) => [name, response.headers[name]]),
  )
  equal(
    [response.status, receivedHeaders],
    [expected.status, Object.fromEntries(expected.headers)],
    `${method} ${path}: status and headers`,
  )
  equal(
    response.text,
    method === 'HEAD' ? '' : await expected.text(),
    `${method} ${path}: the body`,
  )
  if (!expected.headers.has('content-type'))
    equal(response.headers['content-type'], undefined, `${method} ${path}: Content-Type`)
}

export const bytes = casesOf({
  'bytes-page': [
    'an error page is byte-identical to core’s',
    'Pages are the same in every framework.',
    (context) => expectSameAsCore(context, { path: '/zoho/callback?state=x', headers: page }),
  ],
  'bytes-problem': [
    'a problem document is byte-identical to core’s',
    'Clients get the same responses from every framework.',
    (context) => expectSameAsCore(context, { path: '/zoho/callback', headers: script }),
  ],
  'bytes-method': [
    'the response to a refused method is byte-identical to core’s',
    'Clients get the same responses from every framework.',
    (context) =>
      expectSameAsCore(context, { method: 'PUT', path: '/zoho/disconnect', headers: script }),
  ],
  'bytes-gate-page': [
    'the redirect of the guard is byte-identical to core’s',
    'Users get the same behaviour in every framework.',
    (context) => expectSameAsCore(context, { path: '/candidates?x=1', headers: page }),
  ],
  'bytes-gate-problem': [
    'the problem document of the guard is byte-identical to core’s',
    'Clients get the same responses from every framework.',
    (context) => expectSameAsCore(context, { path: '/candidates', headers: script }),
  ],
  'bytes-empty': [
    'a response without a body has no content type',
    'Clients must not wait for a body.',
    (context) =>
      expectSameAsCore(context, {
        path: '/zoho/connect',
        headers: { ...page, 'sec-purpose': 'prefetch' },
      }),
  ],
})
