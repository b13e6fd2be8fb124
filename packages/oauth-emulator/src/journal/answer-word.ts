/** What an answer says in a word: `ok`, the name of its error, or what came instead of JSON. */
export async function answerWord(answer: Response): Promise<string> {
  if (answer.status === 204) return 'ok'
  const location = answer.headers.get('location')
  if (location !== null) return errorOfRedirect(location)
  const contentType = answer.headers.get('content-type') ?? ''
  if (contentType.startsWith('application/json')) return wordOfJson(await answer.clone().text())
  if (contentType.startsWith('text/html')) return answer.status < 400 ? 'page' : 'error page'
  return answer.body === null ? 'no body' : 'text'
}

/** Zoho's accounts servers say `error`, Recruit says `code`. */
function wordOfJson(text: string): string {
  const { error, code } = JSON.parse(text) as Readonly<Record<string, unknown>>
  return [error, code].find((word) => typeof word === 'string') ?? 'ok'
}

function errorOfRedirect(location: string): string {
  const error = URL.canParse(location) ? new URL(location).searchParams.get('error') : null
  return error ?? 'redirect'
}
