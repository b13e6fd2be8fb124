'use strict'

// A tiny integration of somebody's own, without any of this repository's libraries: it refreshes once when its token is
// dead, tells a throttle by the status and the fields rather than by the words, and never sends a code twice.

class Throttled extends Error {}

async function tokenRequest({ accountsServer, clientId, clientSecret }, fields) {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields })
  const response = await fetch(`${accountsServer}/oauth/v2/token`, {
    method: 'POST',
    body,
    redirect: 'error',
  })
  const answer = await response.json()
  if (answer.status === 'failure') throw new Throttled('Zoho asks to wait')
  if (typeof answer.access_token !== 'string') throw new Error(`Zoho refused: ${answer.error}`)
  return answer
}

function createCandidates(settings) {
  let accessToken
  let refreshToken

  const refresh = async () => {
    const fields = { grant_type: 'refresh_token', refresh_token: refreshToken }
    const ask = () => tokenRequest(settings, fields)
    // After a lost connection a refresh may be tried once more; an answer of Zoho's is final. By name, because in Jest
    // the TypeError of `fetch` is another than the test's.
    const answer = await ask().catch((error) =>
      error.name === 'TypeError' ? ask() : Promise.reject(error),
    )
    accessToken = answer.access_token
  }

  const call = () =>
    fetch(`${settings.recruitApi}/Candidates?per_page=3`, {
      headers: { authorization: `Zoho-oauthtoken ${accessToken}` },
    })

  return {
    async connect(code) {
      const answer = await tokenRequest(settings, { grant_type: 'authorization_code', code })
      accessToken = answer.access_token
      refreshToken = answer.refresh_token
    },
    refresh,
    async names() {
      let response = await call()
      if (response.status === 401) {
        await refresh()
        response = await call()
      }
      const { data } = await response.json()
      return data.map((candidate) => candidate.Full_Name)
    },
  }
}

module.exports = { createCandidates, Throttled }
