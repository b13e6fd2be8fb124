import type { ConnectionRecord } from '../../src/domain/record.ts'
import { Secret } from '../../src/domain/secret.ts'

/** A record with every member. */
export const full: ConnectionRecord = {
  status: 'active',
  since: 1,
  principal: 'ann',
  tokens: {
    dataCenter: 'eu',
    scopes: ['ZohoRecruit.modules.ALL'],
    refreshToken: new Secret('refresh-token-value'),
    refreshTokenId: 'r1',
    accessToken: { id: 'a1', token: new Secret('access-token-value'), issuedAt: 2, expiresAt: 3 },
    apiDomain: 'https://www.zohoapis.eu',
  },
  requestedScopes: ['ZohoRecruit.modules.ALL'],
  lease: { holder: 'h1', until: 4 },
  attempts: [
    { stateHash: 's1', at: 5, id: 'x1', limitedPrincipal: 'p1' },
    { stateHash: 's2', at: 6, outcome: 'granted', tokenCounted: true },
  ],
  rejections: [{ endpoint: 'e1', at: 7 }],
  coolDown: { until: 8, code: 'throttled', failures: 2 },
  recentCalls: [9, 10],
  refreshTokens: 3,
  abandoned: [
    {
      dataCenter: 'in',
      refreshToken: new Secret('abandoned-token-value'),
      refreshTokenId: 'r2',
      coolDown: { until: 11, code: 'revocation-failed', failures: 1 },
      recentCalls: [12],
    },
  ],
  identity: {
    organizationId: 'o1',
    organizationName: 'Ørsted & Søn "ltd"',
    userId: 'u1',
    userName: 'Ann \ud800',
  },
}
