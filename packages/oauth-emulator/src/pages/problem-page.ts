import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

export interface Problem {
  readonly title: string
  readonly explanation: string
  readonly cure: string
  /** What was compared with what. */
  readonly facts?: readonly (readonly [name: string, value: string])[]
}

/**
 * A page for a request that goes no further. The cure is the emulator's own word; Zoho shows none.
 */
export function problemPage({ title, explanation, cure, facts = [] }: Problem): Html {
  return layout(
    title,
    html`<span class="problem" aria-hidden="true">!</span>
      <h1>${title}</h1>
      <p class="lede">${explanation}</p>
      ${facts.map(([name, value]) => html`<p class="fact"><b>${name}</b><code>${value}</code></p> `)}
      <p class="cure"><b>What helps</b>${cure}</p>`,
  )
}
