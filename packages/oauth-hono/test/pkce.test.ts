import { createBrowser, type EmulatorOptions } from '@zrecruit/oauth-emulator'
import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApp } from './app.ts'

/** Starts an app and an emulator with this PKCE mode. Tests can alter requests to Zoho. */
const startWithPkce = async (pkce: EmulatorOptions['pkce']) => {
  const sent: { url: string; body: URLSearchParams }[] = []
  const alter: { body: (body: URLSearchParams) => void } = { body: () => {} }
  const app = await startApp({
    emulator: { pkce: pkce as 'enforce' },
    oauth: {
      fetch: async (url, init) => {
        const body = new URLSearchParams(await new Response(init.body).text())
        alter.body(body)
        if (init.method !== 'POST') return fetch(url, init) // The request for the identity.
        sent.push({ url, body })
        return fetch(url, { ...init, body })
      },
    },
  })
  onTestFinished(() => app.close())
  const consentAtZoho = async (browser = createBrowser()) => {
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
    consentAtZoho,
    codeOf: (page: { text: string }) => /<code>([a-z-]+)<\/code>/.exec(page.text)?.[1],
  }
}

describe.each(['enforce', 'ignore'] as const)(
  'with an accounts server whose PKCE mode is %s',
  (pkce) => {
    it('S5: consent works, and only the token request contains the verifier', async () => {
      const { consentAtZoho, sent, origin } = await startWithPkce(pkce)
      const { browser, consent, url } = await consentAtZoho()
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

    it('S5: does not retry without PKCE after a refusal', async () => {
      const { consentAtZoho, sent, alter, codeOf } = await startWithPkce(pkce)
      alter.body = (body) => body.set('client_secret', 'wrong')
      const { browser, url } = await consentAtZoho()
      expect(codeOf(await browser.open(url.href))).toBe('client-secret-rejected')
      expect(sent.map(({ body }) => body.has('code_verifier'))).toEqual([true])
    })

    it('S6: refuses another user’s code without matching state, cookie and user', async () => {
      const { consentAtZoho, sent, codeOf, session } = await startWithPkce(pkce)
      const attacker = await consentAtZoho()
      // The victim follows a link with the attacker's code: first with the attacker's state, then
      // without a state, and then after the victim has started a consent.
      const victim = createBrowser()
      expect(codeOf(await victim.open(attacker.url.href))).toBe('callback-unbound')
      const stateless = new URL(attacker.url)
      stateless.searchParams.delete('state')
      expect(codeOf(await victim.open(stateless.href))).toBe('callback-malformed')
      await victim.open(`${attacker.url.origin}/zoho/connect`)
      expect(codeOf(await victim.open(attacker.url.href))).toBe('callback-unbound')
      // Even with the attacker's cookie, the victim is another user.
      victim.jar.set(attacker.url.host, new Map(attacker.browser.jar.get(attacker.url.host)))
      session.principal = 'victim'
      expect(codeOf(await victim.open(attacker.url.href))).toBe('principal-mismatch')
      expect(sent).toEqual([])
    })
  },
)

it('S5: with verified PKCE, refuses a code with another verifier and keeps the grant', async () => {
  const { consentAtZoho, sent, codeOf, zoho } = await startWithPkce('enforce')
  const first = await consentAtZoho()
  await first.browser.open(first.url.href)
  const token = await zoho.connection('acme').accessToken()
  const victim = await consentAtZoho()
  const thief = await consentAtZoho()
  thief.url.searchParams.set('code', victim.url.searchParams.get('code') ?? '')
  expect(codeOf(await thief.browser.open(thief.url.href))).toBe('code-rejected')
  expect([sent.length, await zoho.connection('acme').accessToken()]).toEqual([2, token])
})
