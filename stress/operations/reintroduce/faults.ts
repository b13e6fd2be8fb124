import type { StoreName } from '../../stores.ts'
import type { RuleNumber } from '../check/verdict.ts'

/** Replaces all occurrences of a text in one file of core's sources. */
interface Change {
  /** Below packages/oauth-core/src. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** A bug that core once had, and the violation by which the checker finds it. */
export interface FormerFault {
  readonly what: string
  readonly changes: readonly Change[]
  /** The store on which it is found fastest. */
  readonly store: StoreName
  readonly rule: RuleNumber
  /** Matches only violations that this bug causes. */
  readonly shownBy: RegExp
}

/** By the number for `--fault`. Their rows in docs/trust.md: 3 is G3, 4 is G4, and 10 is G15. */
export const formerFaults = {
  3: {
    what: 'a consent that was reported as failed is committed afterwards',
    // Core treats every failed write as refused: it revokes the grant and reports a failure.
    changes: [
      {
        file: 'client/consent/store-grant.ts',
        from: "if (failure.written !== 'unknown')",
        to: 'if (failure)',
      },
    ],
    // The test can delay PostgreSQL's commits for longer than core waits.
    store: 'postgres',
    rule: 6,
    shownBy: /was reported as failed/,
  },
  4: {
    what: 'an endpoint that always answers 401 causes an unlimited number of token requests',
    changes: [
      {
        file: 'client/tokens/fetch.ts',
        from: '{ rejectedTokenId: accessToken.id, endpoint }',
        to: '{ rejectedTokenId: accessToken.id }',
      },
    ],
    store: 'sqlite',
    rule: 4,
    shownBy: /because one endpoint answers 401/,
  },
  10: {
    what: 'a caller that starts after revoke() joins an older refresh and gets its token',
    changes: [
      {
        file: 'client/context.ts',
        from: 'inFlightRefreshes.drop(id)',
        to: 'void inFlightRefreshes',
      },
      {
        file: 'client/tokens/access-token.ts',
        from: "if (status !== 'active')",
        to: 'if (!status)',
      },
    ],
    store: 'sqlite',
    rule: 1,
    // A late commit of a failed consent breaks the rule as well, some seconds later.
    shownBy: /It began \d{1,3} ms after \S+ #\d+ was acknowledged in the same process/,
  },
} as const satisfies Readonly<Record<number, FormerFault>>

export type FormerFaultNumber = keyof typeof formerFaults
