export { errorTable, isErrorCode, type ErrorCode, type Fault, type Remedy } from './codes.ts'
export { RecruitOAuthError, isRecruitOAuthError, type ErrorDetails } from './recruit-oauth-error.ts'
