import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { BatchResult } from '@zrecruit/oauth-nestjs'
import { formatTime } from '../labels.ts'

/** The result of an action. */
export interface Outcome extends BatchResult {
  readonly action: 'disconnect' | 'forget' | 'recover' | 'reencrypt'
}

const connections = (count: number): string =>
  count === 1 ? '1 connection' : `${count} connections`

const titles: Readonly<Record<Outcome['action'], (outcome: Outcome) => string>> = {
  disconnect: ({ done, failed }) =>
    failed.length === 0
      ? `Disconnected: ${connections(done)}`
      : `Disconnected: ${done} of ${connections(done + failed.length)}`,
  forget: () => 'The record was removed',
  recover: ({ done, failed }) =>
    done + failed.length === 0
      ? 'There was no pending work'
      : `Finished: ${done} of ${connections(done + failed.length)}`,
  reencrypt: ({ done }) =>
    done === 0
      ? 'All records already use the current key'
      : `Re-encrypted with the current key: ${connections(done)}`,
}

/** The heading gets the focus, so that keyboard and screen reader users find the result. */
export const outcomeCard = (outcome: Outcome): Html =>
  html`<section class="card ${outcome.failed.length > 0 ? 'problem' : 'good'}" role="status">
    <h2 tabindex="-1" autofocus>${titles[outcome.action](outcome)}</h2>
    ${outcome.action === 'forget' ? consentRemains : ''}
    ${
      outcome.failed.length > 0
        ? html`<ul class="failed">
            ${outcome.failed.map(failure)}
          </ul>`
        : ''
    }
  </section>`

const consentRemains = html`<p>
  The consent at Zoho remains valid until the customer revokes it there.
</p>`

const failure = ({ id, error }: Outcome['failed'][number]): Html =>
  html`<li>
    ${nameOf(id)} ${error.code === 'revocation-failed' ? notConfirmed : error.message}
    ${error.retryAt === undefined ? '' : describeNextAttempt(error.retryAt)}
  </li>`

const notConfirmed = 'Shortlist no longer uses it, but Zoho has not confirmed the revocation yet.'

const describeNextAttempt = (retryAt: number): Html =>
  html`Shortlist tries again automatically, not before ${formatTime(retryAt, 'second')}.`

/** The library counts authorization codes in a row of its own, whose id is not readable. */
const nameOf = (id: string): Html =>
  id.startsWith('\x1f') ? html`<b>The number of codes</b>:` : html`<code>${id}</code>:`
