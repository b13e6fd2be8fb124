import { html, type Html } from './html.ts'

/** The fields of a candidate of the Recruit API that the pages show. */
export interface Candidate {
  readonly Full_Name?: string
  readonly Current_Job_Title?: string
  readonly City?: string
  readonly Candidate_Status?: string
}

export const candidatesTable = (candidates: readonly Candidate[]): Html =>
  html`<section aria-label="Candidates">
    <h2>Candidates <span class="soft">${candidates.length}</span></h2>
    ${
      candidates.length === 0
        ? html`<p>There are no candidates yet.</p>`
        : html`<div class="wide">
            <table>
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Job title</th>
                  <th class="hidden-if-narrow">City</th>
                  <th>Status</th>
                </tr>
              </thead>
              <tbody>
                ${candidates.map(candidateRow)}
              </tbody>
            </table>
          </div>`
    }
  </section>`

const candidateRow = (candidate: Candidate): Html =>
  html`<tr>
    <td>${candidate.Full_Name}</td>
    <td>${candidate.Current_Job_Title}</td>
    <td class="hidden-if-narrow">${candidate.City}</td>
    <td>${candidate.Candidate_Status}</td>
  </tr>`
