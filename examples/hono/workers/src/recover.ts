import { zoho, type App } from './zoho.ts'

/**
 * The alarm of each connection's object finishes interrupted work. This job logs the work that an
 * object can't finish, such as that of a record whose key was removed.
 */
export const recover = async (env: App['Bindings']): Promise<void> => {
  const { done, failed } = await zoho.with(env).recover({ limit: 100 })
  console.log({ done, failed: failed.map(({ id, error }) => `${id}: ${error.message}`) })
}
