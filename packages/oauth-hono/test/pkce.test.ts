import { createBrowser, type EmulatorOptions } from '@zrecruit/oauth-emulator'
import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApp } from './app.ts'

/**
 * An app before an emulator that verifies PKCE or does not; what goes to Zoho can be altered on its
 * way.
 */
const before = async (pkce: EmulatorOptions['pkce']) => {
  const sent: { url: string; body: URLSearchParams }[] = []
  const alter: { body: (body: URLSearchParams) => void } = { body: () => {} }
  const app = await startApp({
    emulator: { pkce: pkce as 'enforce' },
    oauth: {
      fetch: async (url, init) => {
        const body = new URLSearchParams(await new Response(init.body).text())
        alter.body(body)
        if (init.method !== 'POST') return fetch(url, init) // Whose account it is, is asked by GET.
        sent.push({ url, body })
        return fetch(url, { ...init, body })
      },
    },
  })
  onTestFinished(() => app.close())
  const consented = async (browser = createBrowser()) => {
    const consent = await browser.open(`${app.origin}/zoho/connect`)
    const answer = await browser.submit(consent, { decision: 'approve' }, { stay: true })
    return {
      browser,
      consent: new URL(consent.url),
      url: new URL(answer.headers.get('location') ?? ''),
    }
  }
  return {
    ...app,
    sent,
    alter,
    consented,
    codeOf: (page: { text: string }) => /<code>([a-z-]+)<\/code>/.exec(page.text)?.[1],
  }
}

describe.each(['enforce', 'ignore'] as const)(
  'before an accounts server whose answer to PKCE is: %s',
  (pkce) => {
    it('S5: consent works; the verifier is in the body for the token endpoint and in no address and no cookie', async () => {
      const { consented, sent, origin } = await before(pkce)
      const { browser, consent, url } = await consented()
      const cookies = JSON.stringify([...browser.jar].map(([host, jar]) => [host, ...jar]))
      expect((await browser.open(url.href)).url).toBe(`${origin}/`)
      const verifier = sent[0]?.body.get('code_verifier') ?? ''
      expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect([
        consent.searchParams.get('code_challenge_method'),
        consent.searchParams.get('code_challenge'),
      ]).toEqual(['S256', createHash('sha256').update(verifier).digest('base64url')])
      const sealed = [...cookies.matchAll(/[\w-]{16,}/g)]
        .map(([part]) => Buffer.from(part, 'base64url').toString('latin1'))
        .join()
      for (const place of [consent.href, url.href, cookies, sealed, ...sent.map((one) => one.url)])
        expect(place).not.toContain(verifier)
    })

    it('S5: a refusal is no reason to try without PKCE', async () => {
      const { consented, sent, alter, codeOf } = await before(pkce)
      alter.body = (body) => body.set('client_secret', 'wrong')
      const { browser, url } = await consented()
      expect(codeOf(await browser.open(url.href))).toBe('client-secret-rejected')
      expect(sent.map(({ body }) => body.has('code_verifier'))).toEqual([true])
    })

    it('S6: a code that somebody else got is not taken without state, binding and user, verified or not', async () => {
      const { consented, sent, codeOf, session } = await before(pkce)
      const attacker = await consented()
      // The victim follows a link with the attacker's code: with the attacker's state, with none,
      // with a state that the victim has begun.
      const victim = createBrowser()
      expect(codeOf(await victim.open(attacker.url.href))).toBe('callback-unbound')
      const stateless = new URL(attacker.url)
      stateless.searchParams.delete('state')
      expect(codeOf(await victim.open(stateless.href))).toBe('callback-malformed')
      await victim.open(`${attacker.url.origin}/zoho/connect`)
      expect(codeOf(await victim.open(attacker.url.href))).toBe('callback-unbound')
      // And with the attacker's cookie as well, the victim is still another user.
      victim.jar.set(attacker.url.host, new Map(attacker.browser.jar.get(attacker.url.host)))
      session.principal = 'victim'
      expect(codeOf(await victim.open(attacker.url.href))).toBe('principal-mismatch')
      expect(sent).toEqual([])
    })
  },
)

it('S5: where PKCE is verified, a code with another request’s verifier is refused, and what stood before stays', async () => {
  const { consented, sent, codeOf, zoho } = await before('enforce')
  const first = await consented()
  await first.browser.open(first.url.href)
  const token = await zoho.connection('acme').accessToken()
  const victim = await consented()
  const thief = await consented()
  thief.url.searchParams.set('code', victim.url.searchParams.get('code') ?? '')
  expect(codeOf(await thief.browser.open(thief.url.href))).toBe('code-rejected')
  expect([sent.length, await zoho.connection('acme').accessToken()]).toEqual([2, token])
})
