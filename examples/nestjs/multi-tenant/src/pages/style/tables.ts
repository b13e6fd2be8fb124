import { html } from '@zrecruit-examples/shared-ui/html'

/** Tables, and changes for narrow windows. Must come after the other common rules. */
export const tablesStyle = html`
  <style>
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
      padding: 0.6rem 0.9rem 0.6rem 0;
      border-bottom: 1px solid var(--line);
    }
    tr:last-child td {
      border-bottom: 0;
    }
    .count {
      color: var(--soft);
      font-weight: 400;
    }
    @media (max-width: 38rem) {
      .less {
        display: none;
      }
      th,
      td {
        padding-right: 0.5rem;
        font-size: 0.9rem;
        overflow-wrap: anywhere;
      }
      .who {
        margin-left: 0;
        width: 100%;
        justify-content: space-between;
      }
      .who span {
        text-align: left;
      }
    }
  </style>
`
