import type { ConnectionStatus } from '@zrecruit/oauth-core'
import { candidatesTable, type Candidate } from './candidates-table.ts'
import { connectionSection } from './connection-section.ts'
import { html, type Html } from './html.ts'
import { sectionsStyle } from './sections-style.ts'

export type { Candidate } from './candidates-table.ts'

export interface CandidatesPageContent {
  readonly status: ConnectionStatus
  /** `undefined` when they could not be read. */
  readonly candidates?: readonly Candidate[]
  /** A sentence about an error. */
  readonly problem?: string
  /** A sentence about a success. */
  readonly notice?: string
}

/** The page of the minimal apps and of the app on Workers. */
export const candidatesPage = ({
  status,
  candidates,
  problem,
  notice,
}: CandidatesPageContent): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>Candidates · Zoho Recruit</title>
        ${sectionsStyle}${pageStyle}
      </head>
      <body>
        <main>
          <h1>Recruiting</h1>
          ${connectionSection(status)}
          ${notice === undefined ? '' : message('notice', 'status', notice)}
          ${problem === undefined ? '' : message('problem', 'alert', problem)}
          ${candidates === undefined ? '' : candidatesTable(candidates)}
        </main>
      </body>
    </html>`.html

const message = (kind: 'notice' | 'problem', role: 'status' | 'alert', text: string): Html =>
  html`<section class="${kind}" role="${role}">${text}</section>`

const pageStyle = html`
  <style>
    main {
      padding-top: 2.5rem;
    }
    h1 {
      margin-bottom: 1.5rem;
    }
    dd code {
      font-size: 0.85rem;
      display: block;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 0.6rem;
    }
    .head + p {
      color: var(--soft);
      margin-top: 1rem;
    }
    .notice {
      background: #eaf6ef;
      border-color: #bfe0cd;
      color: #135c37;
    }
  </style>
`
