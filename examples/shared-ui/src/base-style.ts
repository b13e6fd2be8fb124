import { html } from './html.ts'

/** The rules that the pages of all examples share. A page adds its own rules after them. */
export const baseStyle = html`
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
    h1 {
      font-size: 1.6rem;
      margin: 0;
      letter-spacing: -0.01em;
    }
    h2 {
      font-size: 1.05rem;
      margin: 0;
    }
    form {
      margin: 0;
    }
    .soft {
      color: var(--soft);
    }
    section.problem {
      background: #fff7e6;
      border-color: #f3dca8;
      color: #5c3b06;
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
    .badge.active {
      color: var(--green);
    }
    .badge.needs-consent {
      color: var(--amber);
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
      .hidden-if-narrow {
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
