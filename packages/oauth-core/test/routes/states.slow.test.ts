import { createHash } from 'node:crypto'
import { expect, it, onTestFinished, vi } from 'vitest'
import { configure } from '../../src/config/configure.ts'
import { randomToken } from '../../src/endpoints/authorization.ts'
import { house, returning, times } from '../client/house.ts'

/**
 * By character of base64url text: its six bits, how many are ones, and how often a bit differs from
 * the one before it.
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const [bitsOf, onesOf, changesOf] = [new Uint8Array(128), new Uint8Array(128), new Uint8Array(128)]
for (const [six, char] of [...alphabet].entries()) {
  const at = char.charCodeAt(0)
  const bits = six.toString(2).padStart(6, '0')
  bitsOf[at] = six
  onesOf[at] = bits.replaceAll('0', '').length
  changesOf[at] = [...bits].filter((bit, index) => index > 0 && bit !== bits[index - 1]).length
}

it('S1: a million states: 43 characters each, none twice, as many ones as zeros, as many runs as chance makes', async () => {
  const guessable = vi.spyOn(Math, 'random').mockImplementation(() => {
    throw new Error('Math.random can be guessed')
  })
  onTestFinished(() => guessable.mockRestore())
  // The random of a client that is given none.
  const { random } = configure((await house()).options())
  const count = 1_000_000
  const states = new Set<string>()
  let [ones, changes, misshapen] = [0, 0, 0]
  for (let index = 0; index < count; index++) {
    const state = randomToken(random)
    if (!/^[A-Za-z0-9_-]{43}$/.test(state)) misshapen += 1
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
  expect([states.size, misshapen]).toEqual([count, 0])
  // NIST SP 800-22, 2.1 and 2.3; six standard deviations, which chance passes once in 500 million
  // runs.
  const within = (found: number, tries: number) =>
    Math.abs(found - tries / 2) / (Math.sqrt(tries) / 2)
  expect(within(ones, count * 252)).toBeLessThan(6)
  expect(within(changes, count * 251)).toBeLessThan(6)
}, 240_000)

it('S1, S5: beginning takes state and verifier from the random that it is lent, 32 bytes each, and never from Math.random', async () => {
  const guessable = vi.spyOn(Math, 'random').mockImplementation(() => {
    throw new Error('Math.random can be guessed')
  })
  onTestFinished(() => guessable.mockRestore())
  const lent: Uint8Array[] = []
  const random = (length: number) => {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    if (length === 32) lent.push(bytes)
    return bytes
  }
  const options = (await house()).options({ random })
  for (const _ of times(20, () => 0)) {
    lent.length = 0
    const { state, url, binding } = await returning(options)
    const { codeVerifier } = await binding()
    expect([state, codeVerifier]).toEqual(
      lent.map((bytes) => Buffer.from(bytes).toString('base64url')),
    )
    const parameters = new URL(url).searchParams
    expect([parameters.get('code_challenge_method'), parameters.get('code_challenge')]).toEqual([
      'S256',
      createHash('sha256').update(codeVerifier).digest('base64url'),
    ])
  }
})
