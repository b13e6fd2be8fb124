import { plain, type Group } from './row.ts'

/** What attacks have found, and what holds when stores and clocks fail. */
export const failureGroups: readonly Group[] = [
  {
    title: 'What an attack found',
    required: true,
    rows: plain({
      G1:
        'Before the whole app, the guard lets a request through without a connection only ' +
        'where the library’s own route handler answers it: no spelling of a path opens it.',
      G2:
        'A message (RPC, WebSocket, queue) is never taken for an HTTP request, and errors of ' +
        'other contexts reach their own filters.',
      G3:
        'A write whose outcome is unknown is not treated as refused: nothing is compensated, ' +
        'and what was reported as failed never becomes active.',
      G4:
        'An endpoint of Recruit that always answers 401 costs one token request in ten ' +
        'minutes, and blocks no other call.',
      G5: 'No website can read or change anything in the emulator.',
      G7: 'Two clients that share a store see and change only their own rows.',
      G8: 'A process that is cut off from its store stops serving after a time that can be set.',
      G9: 'Every error of a public method is the library’s own, or the caller’s own abort.',
      G12:
        'Attempts to connect are limited for each principal, within ten minutes: one member of ' +
        'a team cannot lock out another.',
      G13: '`revoke()` keeps to the cool-down and to the budget of token requests.',
      G14:
        'A refresh token that arrives after a revocation is kept, sealed, until Zoho has ' +
        'confirmed its revocation.',
      G15: 'A caller that starts after `revoke()` resolved is not served by an older refresh.',
    }),
  },
  {
    title: 'Stores and clocks that fail',
    required: false,
    rows: plain({
      M11:
        'With the store down, a token that is valid in memory is served, for ' +
        '`serveWithoutStoreMs` after the store’s last answer.',
      M12: 'With the store down and no valid token, no call is made and the error says so.',
      M13: 'A store that hangs costs a second a command.',
      M14: 'A lost acknowledgement costs no second refresh.',
      M15: 'A token that could not be stored is served, and stored later.',
      M16: 'A write that a fail-over lost heals with one more call.',
      M17: 'A row that is corrupt, swapped or another tenant’s is named, and harms no other.',
      M18: 'Every store keeps the same laws.',
      M19: 'Hosts whose clocks differ fail no call.',
      M20: 'A clock that jumps makes no storm and frees no lease.',
      M21: 'A clock that is far off is told once.',
    }),
  },
]
