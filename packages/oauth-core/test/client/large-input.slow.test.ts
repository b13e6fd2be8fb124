import { expect, it } from 'vitest'
import { fromBase64url } from '../../src/internal/text.ts'
import { startSetup } from './setup.ts'

/** A parser that backtracks would need minutes for these inputs. */
const maxMs = 5_000

it('P6: many spaces in a Cookie header cost no time', async () => {
  const zoho = (await startSetup()).client()
  const startedAt = performance.now()
  await zoho.handle(
    new Request(`https://app.example.com/zoho/callback?state=${'a'.repeat(43)}&code=x`, {
      headers: { cookie: `a${' '.repeat(200_000)}b` },
    }),
  )
  expect(performance.now() - startedAt).toBeLessThan(maxMs)
})

it('a megabyte of base64url is checked at once', () => {
  const startedAt = performance.now()
  for (const text of ['A'.repeat(1_000_001), '='.repeat(1_000_000), `${'A'.repeat(1_000_000)}!`])
    fromBase64url(text)
  expect(performance.now() - startedAt).toBeLessThan(maxMs)
})
