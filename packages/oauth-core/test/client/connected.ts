import { isRecruitOAuthError, type RecruitOAuthError } from '../../src/index.ts'
import { connect, startSetup, withoutJitter } from './setup.ts'

/** The error of this library with which `work` rejects. */
export const errorOf = async (work: Promise<unknown>): Promise<RecruitOAuthError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isRecruitOAuthError(error)) throw new Error(`no error of the library: ${String(error)}`)
  return error
}

/** The connection `acme`, connected with a response that has these fields too. */
export const startConnected = async (fields: Record<string, unknown> = {}) => {
  const setup = await startSetup()
  await connect(setup, fields)
  return {
    ...setup,
    acme: setup.client(withoutJitter).connection('acme'),
    apiCalls: () => setup.server.received.filter(({ url }) => url.startsWith('/recruit')),
  }
}
