import type { IncomingMessage } from 'node:http'
import type { RecruitOAuthOptions } from '@zrecruit/oauth-core'
import type { Parts } from '../reference.ts'

/** A defect of an adapter or its app. */
export type Breakage = (parts: Parts) => Parts

export interface SeenRequest {
  readonly message: IncomingMessage
  readonly url: string
  readonly cookie: string
  readonly method: string
  header(name: string): string | undefined
}

/** Changes matching responses before they are sent. */
export const changeResponse =
  (
    matches: (seen: SeenRequest, response: Response, text: string) => boolean,
    change: (response: Response, text: string, seen: SeenRequest) => Response,
  ): Breakage =>
  (parts) => ({
    ...parts,
    async write(response, target, message) {
      const seen: SeenRequest = {
        message,
        url: message.url ?? '',
        cookie: message.headers.cookie ?? '',
        method: message.method ?? '',
        header: (name) => message.headers[name] as string | undefined,
      }
      const text = await response.clone().text()
      await parts.write(
        matches(seen, response, text) ? change(response, text, seen) : response,
        target,
        message,
      )
    },
  })

/** Changes matching options before core receives them. */
export const changeOptions =
  (matches: (options: RecruitOAuthOptions<IncomingMessage>) => boolean, change: object): Breakage =>
  (parts) => ({
    ...parts,
    create: (options) => parts.create(matches(options) ? { ...options, ...change } : options),
  })

const applyHeaderChanges = (
  { headers }: Response,
  changes: Readonly<Record<string, string | undefined>>,
): Headers => {
  const changed = new Headers(headers)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.delete(name)
    else changed.set(name, value)
  }
  return changed
}

const statusesWithoutBody = [204, 303, 304]

/** Changes the status. */
export const changeStatus =
  (to: number) =>
  (response: Response, text: string): Response =>
    new Response(statusesWithoutBody.includes(to) ? null : text, {
      status: to,
      headers:
        to === 303
          ? applyHeaderChanges(response, { location: '/', 'content-type': undefined })
          : response.headers,
    })

/** Sets or removes headers. */
export const changeHeaders =
  (changes: Readonly<Record<string, string | undefined>>) =>
  (response: Response, text: string): Response =>
    new Response(statusesWithoutBody.includes(response.status) ? null : text, {
      status: response.status,
      headers: applyHeaderChanges(response, changes),
    })

/** Changes the body, and drops its former length. */
export const changeBody =
  (change: (text: string, seen: SeenRequest) => string) =>
  (response: Response, text: string, seen: SeenRequest): Response =>
    new Response(change(text, seen), {
      status: response.status,
      headers: applyHeaderChanges(response, { 'content-length': undefined }),
    })

/** Changes the cookies. */
export const changeCookies =
  (change: (cookie: string) => string) =>
  (response: Response, text: string): Response => {
    const changed = changeHeaders({ 'set-cookie': undefined })(response, text)
    for (const cookie of response.headers.getSetCookie())
      changed.headers.append('set-cookie', change(cookie))
    return changed
  }

export const path = (seen: SeenRequest): string => seen.url.split('?')[0] ?? ''
export const isPage = (seen: SeenRequest): boolean =>
  seen.header('accept')?.includes('text/html') === true
export const hasNoSession = (seen: SeenRequest): boolean => !seen.cookie.includes('session=')
