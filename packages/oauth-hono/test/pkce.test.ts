import { createBrowser, type EmulatorOptions } from '@zrecruit/oauth-emulator'
import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApp } from './app.ts'

/**
 * Starts an app and an emulator with this PKCE mode. Tests read the token requests in `sent`, and
 * can change the body of a request to Zoho with `alter.body`.
 */
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
    const response = await browser.submit(consent, { decision: 'approve' }, { stay: true })
    return {
      browser,
      consentUrl: new URL(consent.url),
      callbackUrl: new URL(response.headers.get('location') ?? ''),
    }
  }
  return {
    ...app,
    sent,
    alter,
    consentAtZoho,
    errorCodeOf: (page: { text: string }) => /<code>([a-z-]+)<\/code>/.exec(page.text)?.[1],
  }
}

describe.each(['enforce', 'ignore'] as const)(
  'with an accounts server whose PKCE mode is %s',
  (pkce) => {
    it('S5: consent works, and only the token request contains the verifier', async () => {
      const { consentAtZoho, sent, origin } = await startWithPkce(pkce)
      const { browser, consentUrl, callbackUrl } = await consentAtZoho()
      const cookies = JSON.stringify([...browser.jar].map(([host, jar]) => [host, ...jar]))
      expect((await browser.open(callbackUrl.href)).url).toBe(`${origin}/`)
      const verifier = sent[0]?.body.get('code_verifier') ?? ''
      expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect([
        consentUrl.searchParams.get('code_challenge_method'),
        consentUrl.searchParams.get('code_challenge'),
      ]).toEqual(['S256', createHash('sha256').update(verifier).digest('base64url')])
      const sealed = [...cookies.matchAll(/[\w-]{16,}/g)]
        .map(([part]) => Buffer.from(part, 'base64url').toString('latin1'))
        .join()
      for (const place of [
        consentUrl.href,
        callbackUrl.href,
        cookies,
        sealed,
        ...sent.map(({ url }) => url),
      ])
        expect(place).not.toContain(verifier)
    })

    it('S5: does not retry without PKCE after a refusal', async () => {
      const { consentAtZoho, sent, alter, errorCodeOf } = await startWithPkce(pkce)
      alter.body = (body) => body.set('client_secret', 'wrong')
      const { browser, callbackUrl } = await consentAtZoho()
      expect(errorCodeOf(await browser.open(callbackUrl.href))).toBe('client-secret-rejected')
      expect(sent.map(({ body }) => body.has('code_verifier'))).toEqual([true])
    })

    it('S6: refuses another user’s code without matching state, cookie and user', async () => {
      const { consentAtZoho, sent, errorCodeOf, session } = await startWithPkce(pkce)
      const attacker = await consentAtZoho()
      // The victim follows a link with the attacker's code: first with the attacker's state, then
      // without a state, and then after the victim has started a consent.
      const victim = createBrowser()
      expect(errorCodeOf(await victim.open(attacker.callbackUrl.href))).toBe('callback-unbound')
      const callbackWithoutState = new URL(attacker.callbackUrl)
      callbackWithoutState.searchParams.delete('state')
      expect(errorCodeOf(await victim.open(callbackWithoutState.href))).toBe('callback-malformed')
      await victim.open(`${attacker.callbackUrl.origin}/zoho/connect`)
      expect(errorCodeOf(await victim.open(attacker.callbackUrl.href))).toBe('callback-unbound')
      // Even with the attacker's cookie, the victim is another user.
      victim.jar.set(
        attacker.callbackUrl.hostname,
        new Map(attacker.browser.jar.get(attacker.callbackUrl.hostname)),
      )
      session.principal = 'victim'
      expect(errorCodeOf(await victim.open(attacker.callbackUrl.href))).toBe('principal-mismatch')
      expect(sent).toEqual([])
    })
  },
)

it('S5: with verified PKCE, refuses a code with another verifier and keeps the grant', async () => {
  const { consentAtZoho, sent, errorCodeOf, zoho } = await startWithPkce('enforce')
  const first = await consentAtZoho()
  await first.browser.open(first.callbackUrl.href)
  const token = await zoho.connection('acme').accessToken()
  const victim = await consentAtZoho()
  const thief = await consentAtZoho()
  thief.callbackUrl.searchParams.set('code', victim.callbackUrl.searchParams.get('code') ?? '')
  expect(errorCodeOf(await thief.browser.open(thief.callbackUrl.href))).toBe('code-rejected')
  expect([sent.length, await zoho.connection('acme').accessToken()]).toEqual([2, token])
})
