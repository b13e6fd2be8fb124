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

export const startConnected = async () => {
  const setup = await startSetup()
  await connect(setup)
  return { ...setup, acme: setup.client(withoutJitter).connection('acme') }
}
