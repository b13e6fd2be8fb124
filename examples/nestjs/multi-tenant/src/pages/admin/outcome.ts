import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { BatchResult } from '@zrecruit/oauth-nestjs'
import { instant } from '../words.ts'

/** The result of a button. */
export interface Outcome extends BatchResult {
  readonly of: 'disconnect' | 'forget' | 'resume' | 'reseal'
}

const connections = (count: number): string =>
  count === 1 ? '1 connection' : `${count} connections`

const titles: Readonly<Record<Outcome['of'], (outcome: Outcome) => string>> = {
  disconnect: ({ done, failed }) =>
    failed.length === 0
      ? `Disconnected: ${connections(done)}`
      : `Disconnected: ${done} of ${connections(done + failed.length)}`,
  forget: () => 'The record is gone',
  resume: ({ done, failed }) =>
    done + failed.length === 0
      ? 'Nothing was unfinished'
      : `Finished: ${done} of ${connections(done + failed.length)}`,
  reseal: ({ done }) =>
    done === 0
      ? 'All records were sealed with the current key already'
      : `Sealed with the current key: ${connections(done)}`,
}

/** Receives the focus after a button, so that keyboard and screen reader users find the result. */
export const outcomeCard = (outcome: Outcome): Html =>
  html`<section class="card ${outcome.failed.length > 0 ? 'problem' : 'good'}" role="status">
    <h2 tabindex="-1" autofocus>${titles[outcome.of](outcome)}</h2>
    ${outcome.of === 'forget' ? html`<p>The consent itself lives on at Zoho, until the customer takes it back there.</p>` : ''}
    ${
      outcome.failed.length > 0
        ? html`<ul class="failed">
            ${outcome.failed.map(failure)}
          </ul>`
        : ''
    }
  </section>`

const failure = ({ id, error }: Outcome['failed'][number]): Html =>
  html`<li>
    ${nameOf(id)}
    ${error.code === 'revocation-failed' ? 'Nobody uses it any more, but Zoho has not confirmed.' : error.message}
    ${error.retryAt === undefined ? '' : html`It is tried again by itself, not before ${instant(error.retryAt, 'second')}.`}
  </li>`

/** Excludes the library's own row, which counts authorization codes. */
const nameOf = (id: string): Html =>
  id.startsWith('\x1f') ? html`<b>The count of codes</b>:` : html`<code>${id}</code>:`
