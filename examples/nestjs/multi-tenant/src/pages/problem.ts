import { html } from '@zrecruit-examples/shared-ui/html'
import { layout } from './layout.ts'

export const problemPage = (message: string): string =>
  layout(
    message,
    html`<h1>${message}</h1>
      <p><a href="/">Back to the overview</a></p>`,
  )
