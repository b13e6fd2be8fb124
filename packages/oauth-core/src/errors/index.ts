export { errorCodes, isErrorCode, type ErrorCode, type ErrorSource, type Remedy } from './codes.ts'
export { RecruitOAuthError, isRecruitOAuthError, type ErrorDetails } from './recruit-oauth-error.ts'
