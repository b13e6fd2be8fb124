/** A response, with its body read as text. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * A minimal browser for tests: it keeps the cookies of each host (of all its ports together),
 * follows redirects one by one and submits forms. This is enough to consent and come back:
 * `browser.submit(await browser.open('http://localhost:3000/connect'), { decision: 'approve' })`.
 * Requests have `Accept: text/html`, like those of a page. To send one like a script, pass
 * `{ headers: { accept: 'application/json' } }`.
 */
export const createBrowser = () => {
  const jar = new Map<string, Map<string, string>>()
  const browserHeaders = { accept: 'text/html' }

  const send = async (url: string, init: RequestInit = {}): Promise<Page> => {
    const { hostname: host } = new URL(url)
    const cookies = [...(jar.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        ...browserHeaders,
        ...(cookies && { cookie: cookies }),
        ...(init.headers as Record<string, string> | undefined),
      },
    })
    for (const setCookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? []
      const cookiesOfHost = jar.get(host) ?? new Map<string, string>()
      jar.set(host, cookiesOfHost)
      if (/max-age=0/i.test(setCookie)) cookiesOfHost.delete(name)
      else cookiesOfHost.set(name, value)
    }
    return { url, status: response.status, headers: response.headers, text: await response.text() }
  }

  const followRedirects = async (first: Page): Promise<Page> => {
    let page = first
    for (let hops = 0; hops < 10; hops++) {
      const location = page.headers.get('location')
      if (!location || page.status < 300 || page.status > 399) return page
      page = await send(new URL(location, page.url).href)
    }
    throw new Error(`More than ten redirects. The last one was to ${page.url}.`)
  }

  return {
    jar,
    /** Sends one request. Redirects are not followed. */
    send,
    /** Opens a page and follows redirects. */
    open: async (url: string) => followRedirects(await send(url)),
    /**
     * Submits the only form of a page. `fields` includes the button that was clicked. Redirects are
     * followed unless `stay` is set.
     */
    async submit(page: Page, fields: Record<string, string>, { stay = false } = {}): Promise<Page> {
      const form = /<form[^>]*action="([^"]*)"/i.exec(page.text)
      const action = new URL(decode(form?.[1] ?? ''), page.url)
      const body = new URLSearchParams()
      for (const [tag] of page.text.matchAll(/<input[^>]*>/gi)) {
        const name = attribute(tag, 'name')
        const type = attribute(tag, 'type')
        if (name && (type !== 'radio' || /\bchecked\b/.test(tag)))
          body.set(name, attribute(tag, 'value') ?? '')
      }
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      const response = await send(action.href, {
        method: 'POST',
        body,
        headers: { origin: action.origin },
      })
      return stay ? response : followRedirects(response)
    },
  }
}

export type Browser = ReturnType<typeof createBrowser>

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return found === undefined ? undefined : decode(found)
}

const decode = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
