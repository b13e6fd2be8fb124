import { toRows, type Group } from './row.ts'

/** Rows about the browser: the start of an authorization request, and its callback. */
export const consentGroups: readonly Group[] = [
  {
    title: 'Start of an authorization request',
    required: true,
    rows: toRows({
      S1:
        'Each authorization request has its own state of 32 random bytes. A callback with ' +
        'another state, or without one, is refused.',
      S2:
        'A callback is accepted only from the browser that started the request: its sealed ' +
        'cookie is a second secret, which Zoho never sees.',
      S3:
        'The user at the callback must be the user who started the request. Another user, ' +
        'or nobody, ends the request before any call.',
      S4:
        'An authorization request belongs to one client, one mount path and one redirect ' +
        'URI, and cannot be finished at another.',
      S5:
        'Each request uses PKCE with S256 and its own verifier. The verifier is sent only ' +
        'to the token endpoint.',
      S6: [
        'State, browser binding and user are checked whether or not Zoho verifies PKCE. The ' +
          'connected account is read, stored, shown, and compared at a later consent.',
        'Not covered: at a first consent there is no account to compare with. ' +
          '`status().identity` names the organization and the user, as far as the scopes ' +
          'allow to read them, and the app can show them.',
      ],
      S7:
        'Addresses come only from `redirectUri`: no Host or X-Forwarded header of a request ' +
        'changes one.',
      S8:
        'Scopes come from the app. They are sorted and without duplicates; a value that is ' +
        'not a scope token is refused.',
      S9:
        'The parameters of the authorization request are a fixed list: a caller cannot add ' +
        'or replace one.',
      S10:
        'Starting a request stores nothing and needs a signed-in user, so it cannot flood a ' +
        'store. The codes of a client are kept below Zoho’s limit.',
      S11:
        'Another site cannot start an authorization request: an image or a script gets ' +
        'nothing, and a user who followed a link must confirm first. Origins in ' +
        '`trustedOrigins` are compared exactly.',
      S12: 'Parallel tabs have a cookie each, and finish in any order.',
      S13:
        'A ticket starts nothing by itself: the user confirms on a page of the app’s host. It is ' +
        'sealed, valid for five minutes and one browser, and a signed-in user must be its user.',
      S14:
        'GET /connect starts a request only if a tab navigates to it: no image, frame, `fetch()` ' +
        'or prefetch does, and none of them removes the cookie of another request.',
    }),
  },
  {
    title: 'Cookies and pages',
    required: true,
    rows: toRows({
      C1:
        'Over https the cookie is `__Host-`, Secure, HttpOnly, for the whole path and ' +
        'without a domain: a sibling host cannot set it.',
      C2:
        'Cookie names are compared exactly, and only spaces and tabs are trimmed: no other ' +
        'spelling is accepted.',
      C3: 'A cookie that is sent twice ends the callback.',
      C4: 'The cookie is SameSite=Lax, so that the browser sends it when Zoho redirects back.',
      C5:
        'The cookie’s content is sealed: no token, verifier or `returnTo` can be read in ' +
        'it, and it is useless after ten minutes.',
      C6:
        'The callback clears its cookie, whatever the result, and keeps only where the user ' +
        'wanted to go. A cookie that was not cleared does not affect later requests.',
      C7: 'The library’s pages are static, cannot be framed, and show nothing from the request.',
    }),
  },
  {
    title: 'The callback',
    required: true,
    rows: toRows({
      B1:
        'A callback is checked completely before anything is sent: form, cookie, age, user, ' +
        'data center. Then the attempt is stored, and then the code is sent.',
      B2: 'A callback is used once, however often it arrives, also at the same time.',
      B3: 'HEAD requests and prefetching do not use up a callback.',
      B4:
        'Repeated, oversized or malformed parameters are refused, and no input makes the ' +
        'parser throw another error.',
      B5:
        'No address from a callback is ever called: `accounts-server` is compared with a ' +
        'closed table as an exact string.',
      B6:
        'A known `location` that contradicts `accounts-server` ends the callback. Without ' +
        'both, the data center is the one where consent started.',
      B7: 'The secret of one data center is never sent to another.',
      B8: 'An `iss` that is not the data center’s accounts server ends the callback.',
      B9: 'An error at the callback also needs state and cookie, and its text is not shown.',
      B10:
        'The callback answers 303 to an address without a query, without Referer and ' +
        'without cache.',
      B11:
        'The library logs no callback address, and no error, event or page contains a code ' +
        'or a state.',
      B12: 'A code is sent once. It is sent again only if it is proven that no byte was sent.',
      B13:
        'Consent always requests a refresh token. A response without one is an error, and ' +
        'leaves an existing connection unchanged.',
      B14: '`returnTo` is a path of the app: no spelling of it leads to another host.',
      B15: 'No line break or control character of a request gets into a header.',
      B16:
        'State and cookie are compared by their digests, so that timing reveals nothing ' +
        'about them.',
      B17: 'There is no mode in which a popup passes the result to another window.',
      B18: 'Only a code is accepted: a callback with tokens is refused.',
    }),
  },
]
