import { baseStyle } from './base-style.ts'
import { html } from './html.ts'

/** The rules of pages whose content is a column of sections. A page adds its own after them. */
export const sectionsStyle = html`
  ${baseStyle}
  <style>
    header,
    main {
      max-width: 56rem;
      margin: 0 auto;
      padding: 0 1rem;
    }
    main {
      padding-bottom: 4rem;
    }
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
    table {
      margin-top: 1rem;
    }
  </style>
`
