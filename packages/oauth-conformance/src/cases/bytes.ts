import { createRecruitOAuth } from '@zrecruit/oauth-core'
import { casesOf } from '../adapter-case.ts'
import { connectionOf } from '../session.ts'
import type { TestRequest } from '../harness/send-request.ts'
import type { TestContext } from '../harness/test-context.ts'
import { equal } from './expect.ts'

const page = { accept: 'text/html', cookie: 'session=alice@acme' }
const script = { accept: 'application/json', cookie: 'session=alice@acme' }

/** The adapter's answer is core's own: status, every header that core sets, and the body. */
const sameAsCore = async (
  { start }: TestContext,
  { method = 'GET', path, headers = {} }: TestRequest,
) => {
  const { ask, settings } = await start()
  const core = createRecruitOAuth({
    ...settings.options,
    connectionFor: ({ headers: sent }) => connectionOf(sent.get('cookie')),
    onEvent: () => {},
  })
  const request = new Request(`https://app.example.com${path}`, { method, headers })
  const own = (await core.handle(request)) ?? (await core.requireConnection(request))
  if (!(own instanceof Response)) throw new Error(`core has no answer to ${path}`)
  const answer = await ask({ method, path, headers })
  const named = Object.fromEntries([...own.headers].map(([name]) => [name, answer.headers[name]]))
  equal(
    [answer.status, named],
    [own.status, Object.fromEntries(own.headers)],
    `${method} ${path}: status and headers`,
  )
  equal(answer.text, method === 'HEAD' ? '' : await own.text(), `${method} ${path}: the body`)
  if (!own.headers.has('content-type'))
    equal(answer.headers['content-type'], undefined, `${method} ${path}: Content-Type`)
}

export const bytes = casesOf({
  'bytes-page': [
    'an error page is core’s own, to the byte',
    'people and tests that know one framework, in another',
    (stage) => sameAsCore(stage, { path: '/zoho/callback?state=x', headers: page }),
  ],
  'bytes-problem': [
    'a problem document is core’s own, to the byte',
    'clients that know one framework, in another',
    (stage) => sameAsCore(stage, { path: '/zoho/callback', headers: script }),
  ],
  'bytes-method': [
    'a refused method is answered as core does, to the byte',
    'clients that know one framework, in another',
    (stage) => sameAsCore(stage, { method: 'PUT', path: '/zoho/disconnect', headers: script }),
  ],
  'bytes-gate-page': [
    'the gate’s redirect is core’s own, to the byte',
    'people who know one framework, in another',
    (stage) => sameAsCore(stage, { path: '/candidates?x=1', headers: page }),
  ],
  'bytes-gate-problem': [
    'the gate’s problem document is core’s own, to the byte',
    'clients that know one framework, in another',
    (stage) => sameAsCore(stage, { path: '/candidates', headers: script }),
  ],
  'bytes-empty': [
    'an answer without a body has none, and no type',
    'clients that wait for a body',
    (stage) =>
      sameAsCore(stage, { path: '/zoho/connect', headers: { ...page, 'sec-purpose': 'prefetch' } }),
  ],
})
