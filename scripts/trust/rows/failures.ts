import { toRows, type Group } from './row.ts'

/** Rows about problems that a security review found, and about failing stores and clocks. */
export const failureGroups: readonly Group[] = [
  {
    title: 'Found by a security review',
    required: true,
    rows: toRows({
      G1:
        'A guard for the whole app lets a request without a connection through only if the ' +
        'library’s own route handler answers it: no spelling of a path opens the guard.',
      G2:
        'A message (RPC, WebSocket, queue) is never treated as an HTTP request, and errors ' +
        'of other contexts reach their own filters.',
      G3:
        'A write whose outcome is unknown is not treated as refused: nothing is ' +
        'compensated, and a consent that was reported as failed never becomes active.',
      G4:
        'An endpoint of Recruit that always answers 401 costs one token request in ten ' +
        'minutes, and blocks no other call.',
      G5: 'No website can read or change anything in the emulator.',
      G7: 'Two clients that share a store see and change only their own rows.',
      G8:
        'A process that cannot reach its store stops serving tokens after a configurable ' +
        'time.',
      G9: 'Every error of a public method is the library’s own, or the caller’s own abort.',
      G12:
        'Attempts to connect are limited for each principal, within ten minutes: one member ' +
        'of a team cannot lock out another.',
      G13: '`revoke()` respects the cool-down and the budget of token requests.',
      G14:
        'A refresh token that arrives after a revocation is kept, sealed, until Zoho has ' +
        'confirmed its revocation.',
      G15:
        'A caller that starts after `revoke()` resolved does not get the token of an older ' +
        'refresh.',
    }),
  },
  {
    title: 'Failing stores and clocks',
    required: false,
    rows: toRows({
      M11:
        'While the store is down, a valid token in memory is served, for ' +
        '`serveWithoutStoreMs` after the store’s last response.',
      M12:
        'While the store is down and no token is valid, no call is made, and the error says ' +
        'so.',
      M13: 'A store that hangs costs a second for each command.',
      M14: 'A lost acknowledgement causes no second refresh.',
      M15: 'A token that could not be stored is served, and stored later.',
      M16: 'A write that a failover lost is repaired with one more call.',
      M17:
        'A row that is corrupt, swapped or another tenant’s is reported, and affects no ' +
        'other.',
      M18: 'Every store passes the same conformance cases.',
      M19: 'If the clocks of hosts differ, no call fails.',
      M20: 'A clock that jumps causes no burst of refreshes and ends no lease early.',
      M21: 'A clock that is far off is reported once.',
    }),
  },
]
