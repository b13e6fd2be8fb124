import { plain, type Group } from './row.ts'

/** What is sent to Zoho, and what is made of its answers. */
export const zohoGroups: readonly Group[] = [
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
        'One deadline spans connecting, sending and reading to the last byte, and all ' +
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
]
