import { html } from '@zrecruit-examples/shared-ui/html'

/** The page's header, main part and headings. */
export const frameStyle = html`
  <style>
    :root {
      color-scheme: light;
      --ink: #17202e;
      --soft: #5b6675;
      --line: #e2e6ec;
      --paper: #fff;
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
      background: #f4f6f9;
    }
    a {
      color: var(--blue);
    }
    header {
      background: var(--paper);
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
    .who {
      margin-left: auto;
      display: flex;
      gap: 0.9rem;
      align-items: center;
      font-size: 0.9rem;
    }
    .who span {
      text-align: right;
      line-height: 1.25;
    }
    .who small {
      color: var(--soft);
      display: block;
    }
    main {
      max-width: 60rem;
      margin: 0 auto;
      padding: 2.25rem 1.25rem 4rem;
    }
    h1 {
      font-size: 1.65rem;
      margin: 0;
      letter-spacing: -0.015em;
      line-height: 1.25;
    }
    h1 + p {
      margin: 0.4rem 0 0;
      color: var(--soft);
    }
    h2 {
      font-size: 1.1rem;
      margin: 0;
    }
  </style>
`
