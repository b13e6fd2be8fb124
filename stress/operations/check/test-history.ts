import { check } from './check.ts'
import type { FinalState, History, Operation, TokenRequest } from '../history.ts'

export const minute = 60_000
/** The instant when everything has ended. */
const restAt = 100 * minute

let lastNumber = 0
/** An operation on the connection `c` in process `p` that succeeds after 10 ms. */
export const operation = (
  verb: Operation['verb'],
  begin: number,
  fields: Partial<Operation> = {},
): Operation => ({
  number: ++lastNumber,
  verb,
  connection: 'c',
  process: 'p',
  begin,
  end: begin + 10,
  outcome: 'ok',
  stoppedMs: 0,
  ...(verb === 'accessToken' && (fields.outcome ?? 'ok') === 'ok' && { accessToken: 'access' }),
  ...fields,
})

/** A connection that works until the end. */
export const finalState = (fields: Partial<FinalState> = {}): FinalState => ({
  connection: 'c',
  status: 'active',
  listed: 'active',
  callOutcome: 'ok',
  laterCallOutcome: 'ok',
  counted: 1,
  storedRefreshToken: 'refresh',
  living: [{ refreshToken: 'refresh', createdAt: 1_000 }],
  afterwards: { consent: 'ok', fetch: 'ok', refresh: 'ok', revoke: 'ok', status: 'revoked' },
  ...fields,
})

const revokedFields = {
  status: 'revoked',
  listed: 'revoked',
  callOutcome: 'connection-revoked',
  laterCallOutcome: 'connection-revoked',
} as const
/** A connection whose revocation succeeded. */
export const revokedState = (): FinalState => {
  const { storedRefreshToken: _none, ...rest } = finalState({
    ...revokedFields,
    counted: 0,
    living: [],
  })
  return rest
}

/** A token request for a refresh that succeeds. */
export const request = (sentAt: number, fields: Partial<TokenRequest> = {}): TokenRequest => ({
  connection: 'c',
  process: 'p',
  grant: 'refresh_token',
  refreshToken: 'refresh',
  sentAt,
  isAfterRefusal: false,
  response: 'ok',
  issued: { accessToken: `access-${sentAt}` },
  ...fields,
})

/** The token request of a consent. */
export const exchangeOf = (
  consent: Operation,
  refreshToken: string,
  accessToken: string,
): TokenRequest => {
  const { refreshToken: _none, ...rest } = request(consent.begin + 1)
  return {
    ...rest,
    grant: 'authorization_code',
    operation: consent.number,
    issued: { refreshToken, accessToken },
  }
}

interface HistoryFields extends Partial<Omit<History, 'final'>> {
  readonly rest?: FinalState
  readonly pending?: readonly string[]
  readonly failures?: readonly string[]
}

/** The violations in a history, each with the number of its rule. */
export const violationsOf = ({
  rest = finalState(),
  pending = [],
  failures = [],
  ...fields
}: HistoryFields): string[] => {
  const empty = { operations: [], requests: [], storeFailures: [], throttles: [], refusals: [] }
  const history: History = {
    ...empty,
    ...fields,
    final: { at: restAt, connections: [rest], pending, failures },
  }
  return check(history).flatMap(({ rule, violations }) =>
    violations.map(({ text }) => `${rule}: ${text}`),
  )
}

/** A consent at the beginning of a history. */
export const firstConsent = () => operation('consent', 1_000)
