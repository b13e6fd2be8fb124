import { html } from '@zrecruit-examples/shared-ui/html'

/** Cards, buttons, badges and other parts of pages. */
export const partsStyle = html`
  <style>
    .card {
      background: var(--paper);
      border: 1px solid var(--line);
      border-radius: 14px;
      padding: 1.5rem;
      margin-top: 1.5rem;
    }
    .card > :last-child {
      margin-bottom: 0;
    }
    .card > dl + p {
      margin-top: 1.5rem;
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
      grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
      gap: 1rem 1.5rem;
      margin: 1.25rem 0 0;
      padding-top: 1.25rem;
      border-top: 1px solid var(--line);
    }
    dt {
      color: var(--soft);
      font-size: 0.85rem;
    }
    dd {
      margin: 0.1rem 0 0;
      overflow-wrap: anywhere;
    }
    form {
      margin: 0;
    }
    .button {
      font: inherit;
      font-weight: 600;
      padding: 0.5rem 1.05rem;
      border-radius: 9px;
      border: 1px solid var(--line);
      background: var(--paper);
      color: var(--ink);
      cursor: pointer;
      text-decoration: none;
      display: inline-block;
    }
    .button:hover {
      border-color: #c3ccd8;
    }
    .button.main {
      background: var(--blue);
      border-color: var(--blue);
      color: #fff;
    }
    .button.main:hover {
      background: #174fb0;
    }
    .button.plain {
      border: 0;
      padding: 0;
      background: none;
      color: var(--blue);
      font-weight: 500;
    }
    :focus-visible {
      outline: 3px solid #9cc0ff;
      outline-offset: 2px;
      border-radius: 4px;
    }
    .soft {
      color: var(--soft);
    }
    .problem {
      background: #fff7e6;
      border-color: #f3dca8;
      color: #5c3b06;
    }
    .elsewhere {
      margin: 1.25rem 0 0;
      padding-top: 1.1rem;
      border-top: 1px solid var(--line);
      font-size: 0.92rem;
    }
    .elsewhere summary {
      cursor: pointer;
      color: var(--soft);
    }
    .elsewhere ul {
      list-style: none;
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
      margin: 0.9rem 0 0;
      padding: 0;
    }
    .elsewhere a {
      display: block;
      padding: 0.3rem 0.8rem;
      border: 1px solid var(--line);
      border-radius: 99px;
      text-decoration: none;
      color: var(--ink);
    }
    .tiles {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
      gap: 1.25rem;
      margin-top: 1.75rem;
    }
    .tiles .card {
      margin: 0;
    }
    .tiles .card p {
      margin: 0.15rem 0 1rem;
      color: var(--soft);
      font-size: 0.92rem;
    }
    .person {
      width: 100%;
      text-align: left;
      display: flex;
      gap: 0.75rem;
      align-items: center;
      font: inherit;
      background: none;
      border: 1px solid var(--line);
      border-radius: 10px;
      padding: 0.6rem 0.75rem;
      margin-top: 0.6rem;
      cursor: pointer;
      color: inherit;
    }
    .person:hover {
      border-color: var(--blue);
      background: #f6f9ff;
    }
    .person small {
      display: block;
      color: var(--soft);
      line-height: 1.3;
    }
    .person b {
      font-weight: 600;
      line-height: 1.3;
      display: block;
    }
    .face {
      flex: none;
      width: 2.2rem;
      height: 2.2rem;
      border-radius: 50%;
      display: grid;
      place-items: center;
      background: #e6eefc;
      color: #1d4fa8;
      font-size: 0.8rem;
      font-weight: 700;
    }
  </style>
`
