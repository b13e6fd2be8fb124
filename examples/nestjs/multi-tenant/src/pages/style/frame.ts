import { html } from '@zrecruit-examples/shared-ui/html'

/** The page's header, main part and headings. */
export const frameStyle = html`
  <style>
    a {
      color: var(--blue);
    }
    header {
      background: #fff;
      border-bottom: 1px solid var(--line);
    }
    header > div {
      max-width: 60rem;
      margin: 0 auto;
      padding: 0.9rem 1.25rem;
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem 1.5rem;
      align-items: center;
    }
    .brand {
      font-weight: 700;
      letter-spacing: -0.01em;
      color: var(--ink);
      text-decoration: none;
    }
    .brand::before {
      content: '';
      display: inline-block;
      width: 0.7rem;
      height: 0.7rem;
      margin-right: 0.5rem;
      border-radius: 3px;
      background: linear-gradient(135deg, #5b8def, #1d5fd1);
    }
    nav {
      display: flex;
      gap: 1.1rem;
    }
    nav a {
      color: var(--soft);
      text-decoration: none;
      padding: 0.15rem 0;
      border-bottom: 2px solid transparent;
    }
    nav a[aria-current] {
      color: var(--ink);
      font-weight: 600;
      border-color: var(--blue);
    }
    .account {
      margin-left: auto;
      display: flex;
      gap: 0.9rem;
      align-items: center;
      font-size: 0.9rem;
    }
    .account span {
      text-align: right;
      line-height: 1.25;
    }
    .account small {
      color: var(--soft);
      display: block;
    }
    main {
      max-width: 60rem;
      margin: 0 auto;
      padding: 2.25rem 1.25rem 4rem;
    }
    h1 {
      line-height: 1.25;
    }
    h1 + p {
      margin: 0.4rem 0 0;
      color: var(--soft);
    }
  </style>
`
