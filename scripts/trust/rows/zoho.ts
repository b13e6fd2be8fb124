import { toRows, type Group } from './row.ts'

/** Rows about the calls to Zoho and its responses. */
export const zohoGroups: readonly Group[] = [
  {
    title: 'Calls to Zoho',
    required: true,
    rows: toRows({
      T1:
        'No redirect is followed with a secret: any 3xx ends the call, and its target gets ' +
        'nothing.',
      T2:
        'Secrets, codes and tokens are sent in the body of a POST, or in Basic ' +
        'authentication; the query is empty.',
      T3:
        'Only https is used, and http only with loopback hosts. The app’s own data centers ' +
        'are checked at construction.',
      T4: 'At most 64 KiB of a response are read, counted after decoding.',
      T5:
        'One deadline covers connecting, sending and reading to the last byte, and all ' +
        'attempts of a refresh.',
      T6:
        'A deadline in the middle of a body ends only the call: there is no unhandled ' +
        'rejection.',
      T7:
        'A response is judged by its body: an error with status 200 is an error, and a token ' +
        'with an error status is not a token.',
      T8:
        'HTML, an empty or incomplete response, another charset or another type is a ' +
        'malformed response, and its text is not used.',
      T9:
        'Members are read one by one from a fixed list: `__proto__` and similar names ' +
        'change nothing.',
      T10:
        'A token’s lifetime is between a minute and an hour, whatever the response says, also ' +
        'in Zoho’s former milliseconds.',
      T11:
        'A token with an invalid character is refused before it is stored, and again before ' +
        'it is sent in a header.',
      T12: '`api_domain` is kept for diagnosis and never called.',
      T13: '`invalid_client` is an error of the configuration: it ends no connection.',
      T14:
        'While Zoho throttles, no process calls, and valid tokens are served. The budget is ' +
        'five refreshes in ten minutes.',
      T15: 'A `Retry-After` is limited to between one second and ten minutes.',
      T16:
        'Any number of late 401s for one access token cost one refresh, and each call is ' +
        'repeated once.',
      T17: 'A value that does not have the form of Zoho’s tokens is not stored.',
      T18:
        'An access token is sent only in the header, only to the Recruit host of its data ' +
        'center, and never after a redirect.',
      T19: [
        'The library uses no proxy. How the runtime’s `fetch` uses proxy variables is up to ' +
          'the runtime, and TLS is still checked end to end.',
        'No code of the library to test: it reads no environment variable for its calls. ' +
          'SECURITY.md says what an app has to know.',
      ],
    }),
  },
  {
    title: 'Responses of the token endpoint',
    required: false,
    rows: toRows({
      '3.4':
        'Each of thirteen responses to a refresh, an exchange and a revocation, with and ' +
        'without a valid stored token, has its error, its number of calls and its effect on ' +
        'the connection.',
    }),
  },
]
