import { equal, match, ok } from 'node:assert/strict'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { toRequest } from '@zrecruit/oauth-core/node'
import readme, { zoho } from './readme.js'

const origin = 'https://app.example.com'

const main = async (): Promise<void> => {
  const response = await readme.fetch(new Request(`${origin}/zoho/connect`))
  equal(response.status, 303)
  match(
    response.headers.get('location') ?? '',
    /^https:\/\/accounts\.zoho\.com\/oauth\/v2\/auth\?.*code_challenge_method=S256/,
  )
  match(response.headers.get('set-cookie') ?? '', /^__Host-/)

  equal((await zoho.connection('acme').status()).status, 'none')
  const refused = await readme.fetch(new Request(origin)).catch((error: unknown) => error)
  ok(isRecruitOAuthError(refused))
  equal(refused.code, 'not-connected')

  equal((await memoryStore().list({ limit: 1 })).length, 0)
  equal(typeof toRequest, 'function')
  console.log('it works')
}
void main()
