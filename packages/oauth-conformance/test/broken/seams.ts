import type { IncomingMessage } from 'node:http'
import type { RecruitOAuthOptions } from '@zrecruit/oauth-core'
import type { Parts } from '../reference.ts'

/** A way in which an adapter, or its app, is broken. */
export type Breakage = (parts: Parts) => Parts

export interface Seen {
  readonly message: IncomingMessage
  readonly url: string
  readonly cookie: string
  readonly method: string
  header(name: string): string | undefined
}

/** Answers that fit are changed on their way out. */
export const answering =
  (
    fits: (seen: Seen, response: Response, text: string) => boolean,
    change: (response: Response, text: string, seen: Seen) => Response,
  ): Breakage =>
  (parts) => ({
    ...parts,
    async write(response, target, message) {
      const seen: Seen = {
        message,
        url: message.url ?? '',
        cookie: message.headers.cookie ?? '',
        method: message.method ?? '',
        header: (name) => message.headers[name] as string | undefined,
      }
      const text = await response.clone().text()
      await parts.write(
        fits(seen, response, text) ? change(response, text, seen) : response,
        target,
        message,
      )
    },
  })

/** The options are changed before core sees them. */
export const creating =
  (fits: (options: RecruitOAuthOptions<IncomingMessage>) => boolean, change: object): Breakage =>
  (parts) => ({
    ...parts,
    create: (options) => parts.create(fits(options) ? { ...options, ...change } : options),
  })

const headersOf = (
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

const empty = [204, 303, 304]

/** The same answer with another status. */
export const status =
  (to: number) =>
  (response: Response, text: string): Response =>
    new Response(empty.includes(to) ? null : text, {
      status: to,
      headers:
        to === 303
          ? headersOf(response, { location: '/', 'content-type': undefined })
          : response.headers,
    })

/** The same answer with headers set, or taken away. */
export const headers =
  (changes: Readonly<Record<string, string | undefined>>) =>
  (response: Response, text: string): Response =>
    new Response(empty.includes(response.status) ? null : text, {
      status: response.status,
      headers: headersOf(response, changes),
    })

/** The same answer with another body. */
export const body =
  (change: (text: string, seen: Seen) => string) =>
  (response: Response, text: string, seen: Seen): Response =>
    new Response(change(text, seen), response)

/** The same answer with its cookies changed. */
export const cookies =
  (change: (cookie: string) => string) =>
  (response: Response, text: string): Response => {
    const changed = headers({ 'set-cookie': undefined })(response, text)
    for (const cookie of response.headers.getSetCookie())
      changed.headers.append('set-cookie', change(cookie))
    return changed
  }

export const path = (seen: Seen): string => seen.url.split('?')[0] ?? ''
export const isPage = (seen: Seen): boolean => seen.header('accept')?.includes('text/html') === true
export const withoutSession = (seen: Seen): boolean => !seen.cookie.includes('session=')
