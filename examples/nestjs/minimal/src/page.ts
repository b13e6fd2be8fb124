import type { ConnectionStatus } from '@zrecruit/oauth-nestjs'
import { html } from './html.ts'

export interface Candidate {
  readonly Full_Name?: string
  readonly Current_Job_Title?: string
  readonly City?: string
  readonly Candidate_Status?: string
}

export interface Shown {
  readonly status: ConnectionStatus
  readonly organization?: string | undefined
  readonly candidates?: readonly Candidate[]
  readonly problem?: string
  readonly notice?: string
}

const words: Record<ConnectionStatus['status'], string> = {
  none: 'Not connected',
  active: 'Connected',
  'needs-consent': 'Needs your consent again',
  revoking: 'Disconnecting',
  revoked: 'Disconnected',
}

const minutes = (ms: number): string =>
  ms < 60_000 ? 'less than a minute' : `${Math.floor(ms / 60_000)} min`

export const page = ({ status, organization, candidates, problem, notice }: Shown): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>Candidates · Zoho Recruit</title>
        <style>
          :root {
            color-scheme: light;
            --ink: #1c2430;
            --soft: #5b6675;
            --line: #e3e7ec;
            --blue: #1d5fd1;
            --green: #177245;
            --amber: #93580a;
          }
          * {
            box-sizing: border-box;
          }
          body {
            margin: 0;
            font:
              16px/1.5 system-ui,
              sans-serif;
            color: var(--ink);
            background: #f5f6f8;
          }
          main {
            max-width: 56rem;
            margin: 0 auto;
            padding: 2.5rem 1rem 4rem;
          }
          h1 {
            font-size: 1.6rem;
            margin: 0 0 1.5rem;
            letter-spacing: -0.01em;
          }
          h2 {
            font-size: 1.05rem;
            margin: 0;
          }
          section {
            background: #fff;
            border: 1px solid var(--line);
            border-radius: 14px;
            padding: 1.5rem;
            margin-bottom: 1.5rem;
          }
          .head {
            display: flex;
            flex-wrap: wrap;
            gap: 0.75rem;
            align-items: center;
            justify-content: space-between;
          }
          .badge {
            display: inline-flex;
            align-items: center;
            gap: 0.5rem;
            font-weight: 600;
          }
          .badge::before {
            content: '';
            width: 0.6rem;
            height: 0.6rem;
            border-radius: 50%;
            background: var(--soft);
          }
          .badge.active {
            color: var(--green);
          }
          .badge.active::before {
            background: var(--green);
          }
          .badge.needs-consent {
            color: var(--amber);
          }
          .badge.needs-consent::before {
            background: var(--amber);
          }
          dl {
            display: grid;
            grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
            gap: 1rem 1.5rem;
            margin: 1.25rem 0 0;
          }
          dt {
            color: var(--soft);
            font-size: 0.85rem;
          }
          dd {
            margin: 0.1rem 0 0;
            overflow-wrap: anywhere;
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
          form {
            margin: 0;
          }
          .button {
            font: inherit;
            font-weight: 600;
            padding: 0.45rem 1rem;
            border-radius: 9px;
            border: 1px solid var(--line);
            background: #fff;
            color: var(--ink);
            cursor: pointer;
            text-decoration: none;
            display: inline-block;
          }
          .button.main {
            background: var(--blue);
            border-color: var(--blue);
            color: #fff;
          }
          .button:focus-visible {
            outline: 3px solid #9cc0ff;
            outline-offset: 2px;
          }
          .notice {
            background: #eaf6ef;
            border-color: #bfe0cd;
            color: #135c37;
          }
          .problem {
            background: #fff7e6;
            border-color: #f3dca8;
            color: #5c3b06;
          }
          .wide {
            overflow-x: auto;
          }
          table {
            width: 100%;
            border-collapse: collapse;
            margin-top: 1rem;
          }
          th {
            text-align: left;
            font-size: 0.85rem;
            font-weight: 600;
            color: var(--soft);
          }
          th,
          td {
            padding: 0.55rem 0.75rem 0.55rem 0;
            border-bottom: 1px solid var(--line);
          }
          tr:last-child td {
            border-bottom: 0;
          }
          @media (max-width: 34rem) {
            .city {
              display: none;
            }
            th,
            td {
              padding-right: 0.5rem;
              font-size: 0.9rem;
              overflow-wrap: anywhere;
            }
          }
          .head + p {
            color: var(--soft);
            margin: 1rem 0 0;
          }
          .count {
            color: var(--soft);
          }
        </style>
      </head>
      <body>
        <main>
          <h1>Recruiting</h1>
          <section aria-label="Connection to Zoho Recruit">
            <div class="head">
              <div>
                <h2>Zoho Recruit</h2>
                <span class="badge ${status.status}">${words[status.status]}</span>
              </div>
              <div class="buttons">
                ${
                  status.status === 'active'
                    ? html`<form method="post" action="/refresh">
                          <button class="button">Refresh now</button>
                        </form>
                        <form method="post" action="/zoho/disconnect">
                          <button class="button">Disconnect</button>
                        </form>`
                    : html`<a class="button main" href="/zoho/connect">Connect Zoho Recruit</a>`
                }
              </div>
            </div>
            ${
              status.dataCenter === undefined
                ? html`<p>Connect your Zoho Recruit account, and its candidates appear here.</p>`
                : html`<dl>
                    ${
                      organization === undefined
                        ? ''
                        : html`<div>
                            <dt>Zoho organization</dt>
                            <dd>${organization}</dd>
                          </div>`
                    }
                    <div>
                      <dt>Connected by</dt>
                      <dd>${status.principal ?? 'unknown'}</dd>
                    </div>
                    <div>
                      <dt>Data center</dt>
                      <dd>${status.dataCenter}</dd>
                    </div>
                    <div>
                      <dt>Access token</dt>
                      <dd>
                        ${status.accessToken ? html`${status.accessToken.freshness}, ${minutes(status.accessToken.expiresInMs)} left` : 'none'}
                      </dd>
                    </div>
                    <div>
                      <dt>Scopes</dt>
                      <dd>${status.scopes.map((scope) => html`<code>${scope}</code>`)}</dd>
                    </div>
                  </dl>`
            }
          </section>
          ${notice === undefined ? '' : html`<section class="notice" role="status">${notice}</section>`}
          ${problem === undefined ? '' : html`<section class="problem" role="alert">${problem}</section>`}
          ${
            candidates === undefined
              ? ''
              : html`<section aria-label="Candidates">
                  <h2>Candidates <span class="count">${candidates.length}</span></h2>
                  ${
                    candidates.length === 0
                      ? html`<p>There are no candidates yet.</p>`
                      : html`<div class="wide">
                          <table>
                            <thead>
                              <tr>
                                <th>Name</th>
                                <th>Job title</th>
                                <th class="city">City</th>
                                <th>Status</th>
                              </tr>
                            </thead>
                            <tbody>
                              ${candidates.map(
                                (one) =>
                                  html`<tr>
                                    <td>${one.Full_Name}</td>
                                    <td>${one.Current_Job_Title}</td>
                                    <td class="city">${one.City}</td>
                                    <td>${one.Candidate_Status}</td>
                                  </tr>`,
                              )}
                            </tbody>
                          </table>
                        </div>`
                  }
                </section>`
          }
        </main>
      </body>
    </html>`.html
