import { expect } from 'vitest'

/** Matches an error with this code whose message contains all the words. */
export const errorWith = (code: string, ...words: string[]) => ({
  code,
  message: expect.stringMatching(
    words.map((word) => `(?=.*${word.replace(/[()]/g, '\\$&')})`).join(''),
  ) as string,
})
