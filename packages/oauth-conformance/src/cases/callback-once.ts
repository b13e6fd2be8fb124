import { casesOf } from '../adapter-case.ts'
import { consented } from './consented.ts'
import {
  bindingsIn,
  equal,
  isConnected,
  noTokenCall,
  pageOf,
  redirects,
  tokenCalls,
} from './expect.ts'

export const callbackOnce = casesOf({
  'callback-once': [
    'twenty copies of one callback at the same time make one token call (B2)',
    'the code from being sent twice, and the person from a double click',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      const answers = await Promise.all(Array.from({ length: 20 }, () => alice.open(path)))
      equal(answers.filter(({ status }) => status === 303).length, 1, 'callbacks that connected')
      tokenCalls(scene, 1)
    },
  ],
  'callback-replayed': [
    'a callback that was used already is refused, and what it connected stands (B2)',
    'people who go back in their history',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      const cookie = [...alice.jar, ['session', 'alice@acme']]
        .map((pair) => pair.join('='))
        .join('; ')
      redirects(await alice.open(path), '/')
      pageOf(await alice.open(path, { cookie }), 400, 'callback-replayed')
      tokenCalls(scene, 1)
      isConnected(await alice.script('/candidates'))
    },
  ],
  'callback-head': [
    'HEAD of a callback spends nothing (B3)',
    'the code from scanners of links',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      const answer = await scene.ask({
        method: 'HEAD',
        path,
        headers: {
          cookie: [...alice.jar, ['session', 'alice@acme']]
            .map((pair) => pair.join('='))
            .join('; '),
        },
      })
      equal(
        [answer.status, answer.headers['allow'], bindingsIn(answer)],
        [405, 'GET', []],
        'status, Allow and binding cookies',
      )
      noTokenCall(scene)
      redirects(await alice.open(path), '/')
    },
  ],
  'callback-prefetch': [
    'a browser that fetches a callback ahead spends nothing (B3)',
    'the code from browsers that hurry',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      const answer = await alice.open(path, { 'sec-purpose': 'prefetch;prerender' })
      equal(
        [answer.status, answer.text, bindingsIn(answer)],
        [204, '', []],
        'status, body and binding cookies',
      )
      noTokenCall(scene)
      redirects(await alice.open(path), '/')
    },
  ],
  'callback-lost-exchange': [
    'an exchange whose answer was lost is told, and its code is not sent again (B12)',
    'the code from being sent twice',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      scene.emulator.addFault({ kind: 'drop-after', on: 'token', times: 1 })
      const answer = await alice.open(path)
      equal(
        /<code>(.*?)<\/code>/.exec(answer.text)?.[1],
        'exchange-outcome-unknown',
        'the code on the page',
      )
      equal(
        scene.emulator
          .journal()
          .filter((entry) => entry.event === 'called' && entry.grantType === 'authorization_code')
          .length,
        1,
        'exchanges that reached Zoho',
      )
    },
  ],
})
