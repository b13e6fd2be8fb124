'use strict'

// A small integration without this repository's libraries. It refreshes once when its access token
// has expired. It recognises throttling by the fields of the answer and not by its text. It sends
// an authorization code only once.

class Throttled extends Error {}

async function tokenRequest({ accountsServer, clientId, clientSecret }, fields) {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields })
  const response = await fetch(`${accountsServer}/oauth/v2/token`, {
    method: 'POST',
    body,
    redirect: 'error',
  })
  const answer = await response.json()
  if (answer.status === 'failure') throw new Throttled('Zoho is throttling')
  if (typeof answer.access_token !== 'string') throw new Error(`Zoho refused: ${answer.error}`)
  return answer
}

function createCandidates(settings) {
  let accessToken
  let refreshToken

  const refresh = async () => {
    const fields = { grant_type: 'refresh_token', refresh_token: refreshToken }
    const request = () => tokenRequest(settings, fields)
    // Repeat a refresh once after a lost connection, but not after an answer of Zoho. The error is
    // compared by name, because in Jest the TypeError of `fetch` is not the TypeError of the test.
    const answer = await request().catch((error) =>
      error.name === 'TypeError' ? request() : Promise.reject(error),
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
