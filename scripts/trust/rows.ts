/**
 * What this project promises, row by row: the threat model's checklist, in one sentence each. Tests
 * name the rows that they show at the beginning of their titles; a row that no test can show has a
 * reason instead.
 */
export interface Row {
  readonly holds: string
  /** Why no test shows it. Beside tests: what they leave out. */
  readonly reason?: string
}

export interface Group {
  readonly title: string
  /** A row of such a group has a test or a reason; in the others it may still wait for one. */
  readonly required: boolean
  readonly rows: Readonly<Record<string, Row>>
}

const plain = (
  sentences: Readonly<Record<string, string | readonly [holds: string, reason: string]>>,
): Readonly<Record<string, Row>> =>
  Object.fromEntries(
    Object.entries(sentences).map(([id, told]) => [
      id,
      typeof told === 'string' ? { holds: told } : { holds: told[0], reason: told[1] },
    ]),
  )

export const groups: readonly Group[] = [
  {
    title: 'Beginning an authorization request',
    required: true,
    rows: plain({
      S1:
        'Every authorization request has a state of 32 random octets of its own, and a ' +
        'callback with another one, or none, is refused.',
      S2:
        'A callback is taken only from the browser that began: its sealed binding is a second ' +
        'secret, which Zoho never sees.',
      S3: 'Who comes back is who began: another user, or nobody, ends the request before any call.',
      S4:
        'An authorization request belongs to one client, one mount and one redirect URI, and ' +
        'is not finished at another.',
      S5:
        'PKCE with S256 and a verifier of its own goes with every request; the verifier is ' +
        'seen by the token endpoint alone.',
      S6: [
        'State, browser binding and user are checked whether or not Zoho verifies PKCE; ' +
          'whose account was connected is asked, stored, shown, and compared when consent is ' +
          'given again.',
        'Left open: at a first consent there is nothing to compare with. `status().identity` ' +
          'names the organization and the user, as far as the scopes permit to ask, and the ' +
          'app can show them.',
      ],
      S7:
        'Addresses come from `redirectUri` alone: no Host or X-Forwarded header of a request ' +
        'changes one.',
      S8:
        'Scopes are named by the app, sorted and without repetition; what is not a scope token ' +
        'is refused.',
      S9:
        'The parameters of the authorization request are a fixed list; nothing that a caller ' +
        'passes adds one or replaces one.',
      S10:
        'Beginning stores nothing and needs a signed-in user, so it cannot flood a store; ' +
        'codes of one client are held below Zoho’s limit.',
      S11:
        'Another site cannot begin an authorization request: an image or a script gets ' +
        'nothing, a person who came by a link confirms first.',
      S12: 'Parallel tabs have a cookie each, and finish in any order.',
    }),
  },
  {
    title: 'Cookies and pages',
    required: true,
    rows: plain({
      C1:
        'Over https the cookie is `__Host-`, Secure, HttpOnly, for the whole path and no ' +
        'domain: a sibling host cannot set it.',
      C2:
        'Cookie names are compared exactly, and only spaces and tabs are trimmed: no other ' +
        'spelling passes for ours.',
      C3: 'A cookie that comes twice ends the callback.',
      C4: 'The cookie is SameSite=Lax, so that it comes along when Zoho sends the browser back.',
      C5:
        'What is in the cookie is sealed: no token, verifier or `returnTo` is readable in it, ' +
        'and it is of no use after ten minutes.',
      C6:
        'The cookie goes with its callback, whatever came of it; one that was left behind ' +
        'spoils nothing later.',
      C7: 'Our pages are static, cannot be framed, and show nothing that came with the request.',
    }),
  },
  {
    title: 'The callback',
    required: true,
    rows: plain({
      B1:
        'A callback is judged whole before anything reaches the network: form, cookie, age, ' +
        'user, data center, then the attempt is stored, then the code is sent.',
      B2: 'A callback is used once, however often and however much at once it arrives.',
      B3: 'HEAD and prefetching spend nothing.',
      B4:
        'Repeated, oversized or strange parameters are refused, and no input makes the parser ' +
        'throw anything else.',
      B5:
        'No address of a callback is ever called: `accounts-server` is compared as an exact ' +
        'string with a closed table.',
      B6:
        'A known `location` that contradicts `accounts-server` ends the callback; with ' +
        'neither, the data center is where consent began.',
      B7: 'The secret of one data center never reaches another.',
      B8: 'An `iss` that is not the data center’s accounts server ends the callback.',
      B9:
        'An error at the callback needs state and cookie as well, and nothing of its text is ' +
        'shown.',
      B10: 'The callback answers 303 to a clean address, without Referer and without cache.',
      B11:
        'This library logs no callback address, and no code or state is in an error, an event ' +
        'or a page.',
      B12: 'A code is sent once; again only where it is proven that no octet left.',
      B13:
        'Consent asks for a refresh token every time; an answer without one is an error and ' +
        'leaves a standing connection alone.',
      B14: '`returnTo` is a path of the app: no spelling of it leads to another host.',
      B15: 'No line break or control character of a request gets into a header.',
      B16: 'State and cookie are compared by their digests, so that time tells nothing about them.',
      B17: 'There is no mode in which a popup hands the result to another window.',
      B18: 'Only a code is taken: a callback with tokens is refused.',
    }),
  },
  {
    title: 'Calls to Zoho',
    required: true,
    rows: plain({
      T1:
        'No redirect is followed with a secret: any 3xx ends the call, and its target gets ' +
        'nothing.',
      T2:
        'Secrets, codes and tokens go into the body of a POST, or into Basic authentication; ' +
        'the query is empty.',
      T3:
        'Only https is spoken, http with loopback hosts alone; data centers of the app’s own ' +
        'are checked at construction.',
      T4: 'No more than 64 KiB of an answer is read, counted after decoding.',
      T5:
        'One deadline spans connecting, sending and reading to the last octet, and all ' +
        'attempts of a refresh.',
      T6:
        'A deadline in the middle of a body ends the call and nothing else: no unhandled ' +
        'rejection.',
      T7:
        'An answer is judged by its body: an error with status 200 is an error, a token with ' +
        'any other status is none.',
      T8:
        'HTML, nothing, half an answer, another charset or another type is a malformed answer, ' +
        'whose text goes nowhere.',
      T9: 'Members are read one by one from a fixed list: `__proto__` and its like change nothing.',
      T10:
        'A lifetime is between a minute and an hour, whatever is answered, also in Zoho’s ' +
        'former milliseconds.',
      T11:
        'A token with a character that no token has is refused before it is stored, and again ' +
        'before it becomes a header.',
      T12: '`api_domain` is kept for diagnosis and never called.',
      T13: '`invalid_client` is a fault of the configuration: no connection ends by it.',
      T14:
        'While Zoho throttles, no process calls; what is valid is served; five refreshes in ' +
        'ten minutes are the budget.',
      T15: 'A `Retry-After` counts between one second and ten minutes.',
      T16:
        'Any number of late 401s for one access token cost one refresh, and each call is ' +
        'repeated once.',
      T17: 'An answer that is not Zoho’s form of a token is not stored.',
      T18:
        'An access token goes into the header, to the Recruit host of its data center, and ' +
        'never after a redirect.',
      T19: [
        'No proxy is spoken to by this library; what the runtime’s `fetch` does with proxy ' +
          'variables is between them, and TLS is still checked end to end.',
        'Nothing of ours to run: the library reads no environment variable for its calls. ' +
          'SECURITY.md says what an app has to know.',
      ],
    }),
  },
  {
    title: 'Answers of the token endpoint',
    required: false,
    rows: plain({
      '3.4':
        'Each of thirteen answers to a refresh, an exchange and a revocation, with and ' +
        'without a valid token at hand, has its error, its number of calls and its effect on ' +
        'the connection.',
    }),
  },
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
  {
    title: 'Leaks and diagnosis',
    required: false,
    rows: plain({
      O1: 'No secret is in an error: message, members, stack or cause.',
      O2: 'No secret is in what an observer is told.',
      O3: 'Every failure has a code, a page and a cure.',
      O4: 'No answer of the routes is cached.',
      O5: [
        'A heap snapshot or a core dump holds secrets.',
        'Not preventable in JavaScript: strings cannot be wiped. `Secret` guards against ' +
          'accidents.',
      ],
    }),
  },
  {
    title: 'Supply chain and shape',
    required: false,
    rows: plain({
      P1: 'Core depends on nothing.',
      P2: 'No package has an install script.',
      P3: 'No option switches state, binding, sealing or the refusal of redirects off.',
      P4: 'A wrong scope, a missing `connectionFor` or a bare context does not compile.',
      P5: 'What is published carries its provenance.',
      P6: 'No input makes a pattern slow.',
      P7: 'CI and the READMEs run the version of the package manager that package.json pins.',
    }),
  },
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

export const rows: Readonly<Record<string, Row>> = Object.assign(
  {},
  ...groups.map((group) => group.rows),
)
