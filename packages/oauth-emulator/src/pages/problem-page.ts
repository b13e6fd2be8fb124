import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

export interface Problem {
  readonly title: string
  readonly explanation: string
  readonly hint: string
  /** The values that were compared, such as the sent and the registered one. */
  readonly facts?: readonly (readonly [name: string, value: string])[]
}

/** The page for a refused request. Zoho's own pages show no hint. */
export function problemPage({ title, explanation, hint, facts = [] }: Problem): Html {
  const factList = facts.map(
    ([name, value]) => html`<p class="fact"><b>${name}</b><code>${value}</code></p> `,
  )
  return layout(
    title,
    html`<span class="problem" aria-hidden="true">!</span>
      <h1>${title}</h1>
      <p class="lede">${explanation}</p>
      ${factList}
      <p class="hint"><b>Hint</b>${hint}</p>`,
  )
}
