import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { Member } from '../accounts/tenants.ts'
import type { Candidate, TeamMember } from '../recruit/recruit.service.ts'
import { layout } from './layout.ts'

export const candidatesPage = (user: Member, candidates: readonly Candidate[]): string =>
  layout(
    'Candidates',
    listPage(
      'Candidates',
      candidates.length,
      html`<tr>
        <th>Name</th>
        <th>Job title</th>
        <th class="hidden-if-narrow">City</th>
        <th>Status</th>
      </tr>`,
      candidates.map(
        (item) =>
          html`<tr>
            <td>${item.Full_Name}</td>
            <td>${item.Current_Job_Title}</td>
            <td class="hidden-if-narrow">${item.City}</td>
            <td>${item.Candidate_Status}</td>
          </tr>`,
      ),
    ),
    { user, path: '/candidates' },
  )

export const teamPage = (user: Member, team: readonly TeamMember[]): string =>
  layout(
    'Team',
    listPage(
      'Team in Zoho Recruit',
      team.length,
      html`<tr>
        <th>Name</th>
        <th>Role</th>
        <th class="hidden-if-narrow">E-mail</th>
        <th>Status</th>
      </tr>`,
      team.map(
        (item) =>
          html`<tr>
            <td>${item.full_name}</td>
            <td>${item.role?.name}</td>
            <td class="hidden-if-narrow">${item.email}</td>
            <td>${item.status}</td>
          </tr>`,
      ),
    ),
    { user, path: '/team' },
  )

const listPage = (title: string, count: number, head: Html, rows: readonly Html[]): Html =>
  html`<h1>${title} <span class="soft">${count}</span></h1>
    <section class="card wide">
      ${
        count === 0
          ? html`<p class="soft">There are no entries yet.</p>`
          : html`<table>
              <thead>
                ${head}
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>`
      }
    </section>`
