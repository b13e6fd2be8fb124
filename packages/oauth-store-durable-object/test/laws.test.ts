import { describe, expect, it } from 'vitest'
import { lawTitles, startWorkerd } from './workerd/start.ts'

const titles = await lawTitles()

describe.each(['2026-11-01', '2024-09-23'])('in workerd as of %s, a store', (compatibilityDate) => {
  it('keeps all laws', async (test) => {
    const { ask } = await startWorkerd(test, { compatibilityDate, lawCount: titles.length })
    const outcomes = await Promise.all(titles.map((title, law) => ask.law(law).then(() => `kept: ${title}`, (error: Error) => `${title}: ${error.message} ${error.stack}`)))
    expect(outcomes).toEqual(titles.map((title) => `kept: ${title}`))
  }, 60_000)
})
