import { html } from '@zrecruit-examples/shared-ui/html'

/** Changes for narrow windows. They must come after the rules of `frame.ts`. */
export const narrowStyle = html`
  <style>
    @media (max-width: 38rem) {
      .account {
        margin-left: 0;
        width: 100%;
        justify-content: space-between;
      }
      .account span {
        text-align: left;
      }
    }
  </style>
`
