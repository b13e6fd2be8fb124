import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { Member } from '../accounts/tenants.ts'
import type { Candidate, TeamMember } from '../recruit/recruit.service.ts'
import { layout } from './layout.ts'

export const candidatesPage = (user: Member, candidates: readonly Candidate[]): string =>
  layout(
    'Candidates',
    listOf(
      'Candidates',
      candidates.length,
      html`<tr>
        <th>Name</th>
        <th>Job title</th>
        <th class="less">City</th>
        <th>Status</th>
      </tr>`,
      candidates.map(
        (one) =>
          html`<tr>
            <td>${one.Full_Name}</td>
            <td>${one.Current_Job_Title}</td>
            <td class="less">${one.City}</td>
            <td>${one.Candidate_Status}</td>
          </tr>`,
      ),
    ),
    { user, path: '/candidates' },
  )

export const teamPage = (user: Member, team: readonly TeamMember[]): string =>
  layout(
    'Team',
    listOf(
      'Team in Zoho Recruit',
      team.length,
      html`<tr>
        <th>Name</th>
        <th>Role</th>
        <th class="less">E-mail</th>
        <th>Status</th>
      </tr>`,
      team.map(
        (one) =>
          html`<tr>
            <td>${one.full_name}</td>
            <td>${one.role?.name}</td>
            <td class="less">${one.email}</td>
            <td>${one.status}</td>
          </tr>`,
      ),
    ),
    { user, path: '/team' },
  )

const listOf = (title: string, count: number, head: Html, rows: readonly Html[]): Html =>
  html`<h1>${title} <span class="count">${count}</span></h1>
    <section class="card wide">
      ${
        count === 0
          ? html`<p class="soft">Nothing here yet.</p>`
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
