import { html } from '@zrecruit-examples/shared-ui/html'

/** Cards, buttons, badges and other parts of pages. */
export const partsStyle = html`
  <style>
    .card {
      background: #fff;
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
    dl {
      padding-top: 1.25rem;
      border-top: 1px solid var(--line);
    }
    .button:hover {
      border-color: #c3ccd8;
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
      border-radius: 4px;
    }
    .other-data-centers {
      margin: 1.25rem 0 0;
      padding-top: 1.1rem;
      border-top: 1px solid var(--line);
      font-size: 0.92rem;
    }
    .other-data-centers summary {
      cursor: pointer;
      color: var(--soft);
    }
    .other-data-centers ul {
      list-style: none;
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
      margin: 0.9rem 0 0;
      padding: 0;
    }
    .other-data-centers a {
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
      background: none;
      border: 1px solid var(--line);
      border-radius: 10px;
      padding: 0.6rem 0.75rem;
      margin-top: 0.6rem;
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
