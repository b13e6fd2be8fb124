import { html } from '@zrecruit-examples/shared-ui/html'

/** Additional rules for the admin page. */
export const adminStyle = html`
  <style>
    main,
    header > div {
      max-width: 76rem;
    }
    .visually-hidden {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    .card.good {
      background: #eef8f2;
      border-color: #bfe0cd;
      color: #135c37;
    }
    .card p {
      margin: 0.5rem 0 0;
    }
    h2:focus {
      outline: none;
    }
    .failed {
      margin: 0.75rem 0 0;
      padding: 0;
      list-style: none;
    }
    .failed li {
      margin-top: 0.4rem;
      overflow-wrap: anywhere;
    }
    .filters {
      display: flex;
      flex-wrap: wrap;
      gap: 0.75rem 1.25rem;
      align-items: end;
      margin-top: 1.75rem;
    }
    .filters label {
      font-size: 0.85rem;
      color: var(--soft);
    }
    .filters .check {
      font-size: 1rem;
      color: var(--ink);
      display: flex;
      gap: 0.5rem;
      align-items: center;
      padding: 0.5rem 0;
    }
    .filters a {
      padding: 0.5rem 0;
    }
    .filters .button {
      height: 2.65rem;
    }
    .check input {
      width: 1.1rem;
      height: 1.1rem;
      margin: 0;
      accent-color: var(--blue);
    }
    select {
      display: block;
      font: inherit;
      color: var(--ink);
      background: #fff;
      border: 1px solid #8b95a3;
      border-radius: 9px;
      padding: 0.5rem 0.75rem;
      height: 2.65rem;
      min-width: 15rem;
      max-width: 100%;
      margin-top: 0.2rem;
    }
    .list {
      padding-block: 0.5rem;
    }
    .empty {
      padding: 1.25rem 0;
      color: var(--soft);
    }
    .empty b {
      color: var(--ink);
      display: block;
    }
    .pages {
      padding: 1rem 0;
      display: flex;
      gap: 0.75rem;
      border-top: 1px solid var(--line);
    }
    .pages a {
      color: var(--ink);
    }
    .connections {
      table-layout: fixed;
    }
    .connections :is(th, td) {
      vertical-align: top;
      padding-block: 0.9rem;
      overflow-wrap: anywhere;
      font-size: 0.95rem;
    }
    .connections thead th {
      font-size: 0.85rem;
      padding-block: 0.75rem;
      width: 18%;
    }
    .connections thead th:first-child {
      width: 24%;
    }
    .connections thead th:nth-child(2) {
      width: 24%;
    }
    .connections tbody th {
      color: var(--ink);
    }
    .connections tbody tr:last-child th {
      border-bottom: 0;
    }
    .connections :is(small, code) {
      display: block;
      font-size: 0.85rem;
      font-weight: 400;
      color: var(--soft);
    }
    .connections td code {
      font-size: 0.78rem;
    }
    .connections p {
      margin: 0;
    }
    .connections .hint {
      font-size: 0.85rem;
      color: var(--soft);
      margin-top: 0.35rem;
      max-width: 22rem;
    }
    .connections .badge::before {
      flex: none;
    }
    .badge.revoking {
      color: var(--amber);
    }
    .badge.unreadable {
      color: #a32020;
    }
    .confirm {
      margin-top: 0.6rem;
    }
    .confirm summary {
      cursor: pointer;
      color: #a32020;
      font-weight: 600;
      width: fit-content;
    }
    .confirm form p {
      margin: 0.5rem 0 0.75rem;
    }
    .button.bad {
      background: #a32020;
      border-color: #a32020;
      color: #fff;
    }
    .button.bad:hover {
      background: #861919;
    }
    .maintenance {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
      gap: 1.5rem 2.5rem;
      margin-top: 0.25rem;
    }
    .maintenance p {
      color: var(--soft);
      font-size: 0.92rem;
      margin: 0.25rem 0 0.9rem;
    }
    .maintenance > div {
      display: flex;
      flex-direction: column;
      align-items: start;
      justify-content: space-between;
    }
    @media (max-width: 52rem) {
      .connections,
      .connections :is(tbody, tr, th) {
        display: block;
        width: auto;
      }
      .connections thead {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .connections tbody tr {
        padding: 1.1rem 0;
        border-bottom: 1px solid var(--line);
      }
      .connections tbody tr:last-child {
        border-bottom: 0;
      }
      .connections :is(td, tbody th) {
        border: 0;
        padding: 0;
      }
      .connections tbody th {
        font-size: 1.05rem;
        margin-bottom: 0.6rem;
      }
      .connections td {
        display: grid;
        grid-template-columns: 6.6rem 1fr;
        gap: 0 0.6rem;
        margin-top: 0.45rem;
      }
      .connections td > * {
        grid-column: 2;
      }
      .connections td[colspan] > * {
        grid-column: 1 / -1;
      }
      .connections td.blank {
        display: none;
      }
      .connections td::before {
        content: attr(data-label);
        color: var(--soft);
        font-size: 0.85rem;
        padding-top: 0.1rem;
        grid-column: 1;
        grid-row: 1;
      }
      .filters label,
      .filters select {
        width: 100%;
      }
    }
  </style>
`
