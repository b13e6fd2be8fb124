import { html } from './html.ts'

/** The rules that all pages share. A page puts its own after them. */
export const commonStyle = html`
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
    header,
    main {
      max-width: 56rem;
      margin: 0 auto;
      padding: 0 1rem;
    }
    main {
      padding-bottom: 4rem;
    }
    h1 {
      font-size: 1.6rem;
      margin: 0;
      letter-spacing: -0.01em;
    }
    h2 {
      font-size: 1.05rem;
      margin: 0;
    }
    form,
    p {
      margin: 0;
    }
    h2 + p {
      margin-top: 0.5rem;
    }
    section {
      background: #fff;
      border: 1px solid var(--line);
      border-radius: 14px;
      padding: 1.5rem;
      margin-bottom: 1.5rem;
    }
    .soft {
      color: var(--soft);
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
      color: var(--soft);
    }
    .badge::before {
      content: '';
      width: 0.6rem;
      height: 0.6rem;
      border-radius: 50%;
      background: currentColor;
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
    button {
      font: inherit;
      color: inherit;
      cursor: pointer;
    }
    :focus-visible {
      outline: 3px solid #9cc0ff;
      outline-offset: 2px;
    }
    .button {
      font-weight: 600;
      padding: 0.45rem 1rem;
      border-radius: 9px;
      border: 1px solid var(--line);
      background: #fff;
      color: var(--ink);
      text-decoration: none;
      display: inline-block;
    }
    .button.main {
      background: var(--blue);
      border-color: var(--blue);
      color: #fff;
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
  </style>
`
