import { RecruitOAuthError } from '../errors/index.ts'

/** A wrong option: what it is called, and what is wrong with it. Its value is not repeated: it may be a secret. */
export const invalid = (option: string, problem: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', { what: `The option \`${option}\` ${problem}.` })
