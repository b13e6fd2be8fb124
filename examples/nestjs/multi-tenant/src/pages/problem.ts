import { html } from './html.ts'
import { layout } from './layout.ts'

export const problemPage = (message: string): string =>
  layout(
    message,
    html`<h1>${message}</h1>
      <p><a href="/">Back to the overview</a></p>`,
  )
