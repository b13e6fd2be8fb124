export { dataCenterProvenance, type Provenance } from './data-center-provenance.ts'
export {
  zohoDataCenters,
  type DataCenter,
  type DataCenterId,
  type DataCenters,
  type ZohoDataCenterId,
} from './data-centers.ts'
export { ownProperties, parseJsonObject, type JsonObject } from './members.ts'
export { decodeRecord, encodeRecord, recordFormat } from './record-codec.ts'
export {
  abandonedTokens,
  isEmptyRecord,
  isPending,
  isUnreported,
  noRecord,
  type AbandonedToken,
  type AccessToken,
  type Attempt,
  type ConnectionId,
  type ConnectionRecord,
  type CoolDown,
  type Identity,
  type PrincipalId,
  type Rejection,
  type Status,
  type TokenSet,
} from './record.ts'
export {
  unlistedScope,
  isScopeToken,
  missingScopes,
  normalizeScopes,
  parseScopes,
  type UnlistedScope,
  type RecruitScope,
} from './scopes.ts'
export { Secret, isSecret } from './secret.ts'
export {
  attemptRetentionMs,
  authorizationRequestMs,
  budgetWindowMs,
  clockSlackMs,
  isPlausibleDeadline,
  maxAccessTokenMs,
  timeBudget,
  type EpochMs,
} from './time.ts'
export { fromBase64url, isToken, isWellFormed, toBase64url, utf8 } from './text.ts'
