import { plain, type Group } from './row.ts'

/** What happens in a browser: how an authorization request begins, and how it comes back. */
export const consentGroups: readonly Group[] = [
  {
    title: 'Beginning an authorization request',
    required: true,
    rows: plain({
      S1:
        'Every authorization request has a state of 32 random bytes of its own, and a ' +
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
      B12: 'A code is sent once; again only where it is proven that no byte left.',
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
]
