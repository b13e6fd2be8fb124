import { createHash } from 'node:crypto'
import { expect, it, onTestFinished, vi } from 'vitest'
import { configure } from '../../src/config/configure.ts'
import { randomToken } from '../../src/endpoints/authorization.ts'
import { startSetup, startConsent, times } from '../client/setup.ts'

/**
 * For each base64url character: its six bits, how many of them are ones, and how often a bit
 * differs from the previous one.
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const bitsOf = new Uint8Array(128)
const onesOf = new Uint8Array(128)
const changesOf = new Uint8Array(128)
for (const [six, char] of [...alphabet].entries()) {
  const at = char.charCodeAt(0)
  const bits = six.toString(2).padStart(6, '0')
  bitsOf[at] = six
  onesOf[at] = bits.replaceAll('0', '').length
  changesOf[at] = [...bits].filter((bit, index) => index > 0 && bit !== bits[index - 1]).length
}

it('S1: a million states are distinct, have 43 characters and random bits', async () => {
  const guessable = vi.spyOn(Math, 'random').mockImplementation(() => {
    throw new Error('Math.random can be guessed')
  })
  onTestFinished(() => guessable.mockRestore())
  // The default `random` of a client.
  const { random } = configure((await startSetup()).options())
  const count = 1_000_000
  const states = new Set<string>()
  let ones = 0
  let changes = 0
  let malformed = 0
  for (let index = 0; index < count; index++) {
    const state = randomToken(random)
    if (!/^[A-Za-z0-9_-]{43}$/.test(state)) malformed += 1
    states.add(state)
    let before: number | undefined
    // The last of the 43 characters holds four bits and padding.
    for (let position = 0; position < 42; position++) {
      const at = state.charCodeAt(position)
      const six = bitsOf[at] as number
      ones += onesOf[at] as number
      changes += changesOf[at] as number
      if (before !== undefined && (before & 1) !== six >> 5) changes += 1
      before = six
    }
  }
  expect([states.size, malformed]).toEqual([count, 0])
  // NIST SP 800-22, 2.1 and 2.3, with six standard deviations: chance exceeds that once in 500
  // million runs.
  const deviation = (found: number, tries: number) =>
    Math.abs(found - tries / 2) / (Math.sqrt(tries) / 2)
  expect(deviation(ones, count * 252)).toBeLessThan(6)
  expect(deviation(changes, count * 251)).toBeLessThan(6)
}, 240_000)

it('S1, S5: takes state and verifier from `random`, 32 bytes each', async () => {
  const guessable = vi.spyOn(Math, 'random').mockImplementation(() => {
    throw new Error('Math.random can be guessed')
  })
  onTestFinished(() => guessable.mockRestore())
  const drawn: Uint8Array[] = []
  const random = (length: number) => {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    if (length === 32) drawn.push(bytes)
    return bytes
  }
  const options = (await startSetup()).options({ random })
  for (const _ of times(20, () => 0)) {
    drawn.length = 0
    const { state, url, binding } = await startConsent(options)
    const { codeVerifier } = await binding()
    expect([state, codeVerifier]).toEqual(
      drawn.map((bytes) => Buffer.from(bytes).toString('base64url')),
    )
    const parameters = new URL(url).searchParams
    expect([parameters.get('code_challenge_method'), parameters.get('code_challenge')]).toEqual([
      'S256',
      createHash('sha256').update(codeVerifier).digest('base64url'),
    ])
  }
})
