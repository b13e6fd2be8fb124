import { html } from '@zrecruit-examples/shared-ui/html'

/** The rules of this app's pages. The common ones come before them. */
export const archiveStyle = html`
  <style>
    header {
      padding-top: 2.5rem;
      padding-bottom: 1.5rem;
    }
    header,
    header form,
    .banner {
      display: flex;
      flex-wrap: wrap;
      gap: 0.75rem;
      align-items: center;
      justify-content: space-between;
    }
    header span {
      color: var(--soft);
    }
    .head + .soft {
      margin-top: 0.5rem;
    }
    .badge.green {
      color: var(--green);
    }
    .badge.amber {
      color: var(--amber);
    }
    .banner {
      background: #fff7e6;
      border-color: #f3dca8;
      color: #5c3b06;
    }
    .banner div {
      flex: 1 1 20rem;
    }
    .banner p {
      margin-top: 0.25rem;
    }
    .notice {
      background: #eef3fb;
      border-color: #cfdff6;
      color: #1d3f78;
    }
    .people {
      list-style: none;
      margin: 1.25rem 0 0;
      padding: 0;
      display: grid;
      gap: 0.75rem;
      grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
    }
    .person {
      width: 100%;
      height: 100%;
      text-align: left;
      display: grid;
      gap: 0.35rem;
      align-content: start;
      padding: 1rem 1.1rem;
      background: #fff;
      border: 1px solid var(--line);
      border-radius: 11px;
    }
    .person:hover {
      border-color: var(--blue);
    }
    .person > span:not(.badge) {
      color: var(--soft);
      font-size: 0.9rem;
    }
  </style>
`
