import { invalidOption } from './invalid-option.ts'
import type { RecruitOAuthOptions } from './options.ts'

/**
 * What the host lends is there, or left out: a store that was not made, or an `onEvent` that is
 * none, would fail late and in silence.
 */
export const checkHost = <Context>(options: RecruitOAuthOptions<Context>): void => {
  for (const name of ['onEvent', 'waitUntil', 'fetch', 'random', 'monotonic'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw invalidOption(name, 'must be a function')
  }
  const { store } = options
  if (
    store !== undefined &&
    !(['read', 'write', 'list'] as const).every((method) => typeof store?.[method] === 'function')
  )
    throw invalidOption('store', 'must be a store')
}
