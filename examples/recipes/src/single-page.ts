// In the page, for example at http://localhost:5173.

interface Settings {
  readonly api: string
  readonly token: string
}

/** Reads candidates. Without a connection, it leaves the page for Zoho, and comes back to it. */
export async function loadCandidates(settings: Settings): Promise<unknown[]> {
  const response = await fetch(`${settings.api}/api/candidates`, { headers: headersOf(settings) })
  if (response.status === 204) return []
  const body = await response.json()
  if (response.ok) return body.data
  if (body.remedy !== 'ask-consent') throw new Error(body.userMessage ?? body.title)
  return connect(settings)
}

async function connect(settings: Settings): Promise<never> {
  const query = new URLSearchParams({ returnTo: location.href })
  const response = await fetch(`${settings.api}/zoho/connect?${query}`, {
    method: 'POST',
    headers: headersOf(settings),
    credentials: 'include', // The response sets the cookie that the callback needs.
  })
  const body = await response.json()
  if (!response.ok) throw new Error(body.userMessage ?? body.title)
  location.assign(body.url)
  return new Promise(() => {}) // The page is left.
}

const headersOf = ({ token }: Settings) => ({ authorization: `Bearer ${token}` })
