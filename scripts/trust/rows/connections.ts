import { toRows, type Group } from './row.ts'

/** Rows about stored data and the life cycle of connections. */
export const connectionGroups: readonly Group[] = [
  {
    title: 'Stores and cryptography',
    required: false,
    rows: toRows({
      R1: 'A dump of the store shows no secret: records are sealed with AES-256-GCM.',
      R2: 'A row that was moved or altered cannot be opened, and is never treated as absent.',
      R3:
        'If the data center in a row is changed, the row cannot be opened, and no call is ' +
        'made.',
      R4:
        'Ids of clients, tenants and connections are combined without ambiguity: no two ' +
        'combinations make the same key.',
      R5: 'There is no state at module level: two clients in a process are independent.',
      R6: 'A caller gets one complete token set, never a mixture of two.',
      R7: 'Keys rotate without failures. If a key is missing, the error says so.',
      R8: [
        'An older row that is put back as a whole can be opened.',
        'Cannot be prevented: a store cannot prove that it is current. Zoho does not rotate ' +
          'refresh tokens, so the older row contains the same grant.',
      ],
      R9: 'Ids are parameters, never parts of a statement.',
      R10:
        'Only its own user can read the SQLite file that the store creates, and a file that ' +
        'others can read is refused.',
      R11: 'Records are parsed as defensively as responses.',
      R12: 'A secret prints as `[secret]`, wherever it is printed.',
    }),
  },
  {
    title: 'Life cycle of a connection',
    required: false,
    rows: toRows({
      L1:
        'If a refresh response has no refresh token, the stored one is kept; if it has ' +
        'another, that one replaces it, in one write.',
      L2:
        'Only Zoho’s exact refusal of the stored refresh token leads to `needs-consent`. ' +
        'The token is kept, sealed.',
      L3: 'A refresh does not reactivate a revoked connection.',
      L4:
        'A connection is revoked here first, then at Zoho. If the process ends between the ' +
        'two, the revocation is finished later.',
      L5:
        'The app is warned about repeated consents before the twenty-first, at which Zoho ' +
        'ends the oldest refresh token.',
      L6: 'Connections that nobody uses are not refreshed.',
      L7: 'A client secret can be rotated without a failed call.',
      L8: 'Expiry is measured in store time: the clock of a host has no effect.',
      L9: 'All connections of a user or tenant can be revoked.',
    }),
  },
]
