import { plain, type Group } from './row.ts'

/** What is stored, and how connections live. */
export const connectionGroups: readonly Group[] = [
  {
    title: 'Stores and cryptography',
    required: false,
    rows: plain({
      R1: 'A dump of the store shows no secret: records are sealed with AES-256-GCM.',
      R2: 'A row that was moved or altered does not open, and is never taken for an absent one.',
      R3: 'A data center that was changed in a row opens nothing, and no call is made.',
      R4:
        'Names of clients, tenants and connections are bound without ambiguity: no two make ' +
        'the same key.',
      R5: 'No state lives at module level: two clients in a process know nothing of each other.',
      R6: 'What a caller gets is one token set, whole, never a mixture of two.',
      R7: 'Keys rotate without failures; a key that is gone is named.',
      R8: [
        'An older row that is put back whole does open.',
        'Not preventable: no store can be asked whether it forgot. Refresh tokens do not ' +
          'rotate at Zoho, so the older row names the same grant.',
      ],
      R9: 'Ids are parameters, never parts of a statement.',
      R10:
        'The SQLite file is made for its own user alone, and one that others can read is ' +
        'refused.',
      R11: 'Records are read as defensively as answers.',
      R12: 'A secret prints as `[secret]`, wherever it is printed.',
    }),
  },
  {
    title: 'Life of a connection',
    required: false,
    rows: plain({
      L1:
        'A refresh answer without a refresh token keeps the stored one; one with another ' +
        'replaces it, in one write.',
      L2:
        'Only Zoho’s exact refusal of the stored refresh token asks for consent; the token is ' +
        'kept, sealed.',
      L3: 'A refresh brings no revoked connection back.',
      L4: 'Revoked here first, then at Zoho; a crash in between is finished later.',
      L5:
        'Consents that pile up towards Zoho’s limit of twenty refresh tokens are told before ' +
        'the twenty-first.',
      L6: 'Nothing refreshes connections that nobody uses.',
      L7: 'A client secret rotates without a failed caller.',
      L8: 'Expiry is counted in store time; a host’s clock changes nothing.',
      L9: 'All connections of a user or tenant can be ended.',
    }),
  },
]
