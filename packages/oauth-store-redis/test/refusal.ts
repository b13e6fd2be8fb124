import { expect } from 'vitest'

export const refusal = (code: string, ...words: string[]) => ({
  code,
  message: expect.stringMatching(
    words.map((word) => `(?=.*${word.replace(/[()]/g, '\\$&')})`).join(''),
  ) as string,
})
