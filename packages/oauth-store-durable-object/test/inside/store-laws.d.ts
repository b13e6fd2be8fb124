declare module 'store-laws' {
  import type { ConnectionStore } from '@zrecruit/oauth-core'
  export const storeLaws: readonly { readonly title: string; run(store: ConnectionStore): Promise<void> }[]
}
