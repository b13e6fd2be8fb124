import type { RecruitOAuth } from '../../src/index.ts'

export const appOrigin = 'https://app.example.com'

/** The headers of Chromium for a page that the user opened. */
export const navigation = {
  accept: 'text/html',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}
/** The headers of Chromium for a page that another site linked to. */
export const fromZoho = { ...navigation, 'sec-fetch-site': 'cross-site' }
/** The headers of Chromium for the request of a script. */
export const byScript = {
  accept: '*/*',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
}

export interface Visited {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** The code of the error, from a page or a problem document. */
  readonly code: string | undefined
  readonly url: URL | undefined
}

/** A browser that calls the routes without a network. It sends its oldest cookie first. */
export const createBrowser = (zoho: RecruitOAuth, jar = new Map<string, string>()) => {
  const send = async (
    path: string,
    headers: Record<string, string> = navigation,
    method = 'GET',
  ): Promise<Visited> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await zoho.handle(
      new Request(appOrigin + path, { method, headers: { ...(cookie && { cookie }), ...headers } }),
    )
    if (!response) throw new Error(`${path} is not a route`)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    const body = await response.text()
    const location = response.headers.get('location')
    return {
      status: response.status,
      headers: response.headers,
      body,
      code: codeIn(body),
      url: location === null ? undefined : new URL(location, appOrigin),
    }
  }
  return {
    jar,
    send,
    /** Opens /connect, and resolves with the state that Zoho would send to the callback. */
    async startConsent(query = ''): Promise<string> {
      const { url, status, code } = await send(`/zoho/connect${query}`)
      const state = url?.searchParams.get('state')
      if (!state) throw new Error(`/connect answered ${status} ${code ?? ''}`)
      return state
    },
    /** Sends the callback. */
    sendCallback: (
      state: string,
      parameters: Record<string, string> = { code: '1000.code' },
      headers: Record<string, string> = fromZoho,
    ) => send(`/zoho/callback?${new URLSearchParams({ state, ...parameters })}`, headers),
  }
}

const codeIn = (body: string): string | undefined =>
  /<code>([a-z-]+)<\/code>/.exec(body)?.[1] ?? /"code":"([a-z-]+)"/.exec(body)?.[1]

export const ann = { id: 'acme', principal: 'ann' }
