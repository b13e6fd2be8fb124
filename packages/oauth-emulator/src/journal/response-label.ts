/** The label of a response in the journal: `ok`, the name of its error, or its content type. */
export async function responseLabel(response: Response): Promise<string> {
  if (response.status === 204 || response.status === 304) return 'ok'
  const location = response.headers.get('location')
  if (location !== null) return labelForRedirect(location)
  const contentType = response.headers.get('content-type') ?? ''
  if (contentType.startsWith('application/json')) {
    // The response to HEAD has no body.
    if (response.body === null) return response.status < 400 ? 'ok' : 'no body'
    return labelForJson(await response.clone().text())
  }
  if (contentType.startsWith('text/html')) return response.status < 400 ? 'page' : 'error page'
  return response.body === null ? 'no body' : 'text'
}

/** Zoho's accounts servers use the member `error`, Recruit uses `code`. */
function labelForJson(text: string): string {
  const { error, code, status } = JSON.parse(text) as Readonly<Record<string, unknown>>
  if (error === undefined && status === 'success') return 'ok'
  return [error, code].find((label) => typeof label === 'string') ?? 'ok'
}

function labelForRedirect(location: string): string {
  const error = URL.canParse(location) ? new URL(location).searchParams.get('error') : null
  return error ?? 'redirect'
}
