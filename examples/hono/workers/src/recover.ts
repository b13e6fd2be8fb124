import { zoho, type App } from './zoho.ts'

/**
 * Each connection's object takes up by itself what was left undone. This says what it can't finish,
 * such as a record of which the key is gone.
 */
export const recover = async (env: App['Bindings']): Promise<void> => {
  const { done, failed } = await zoho.with(env).recover({ limit: 100 })
  console.log({ done, failed: failed.map(({ id, error }) => `${id}: ${error.message}`) })
}
