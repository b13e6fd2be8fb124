import { createEmulator } from '@zrecruit/oauth-emulator'
import { expect, it } from 'vitest'
import { createRecruitOAuth } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { key } from './setup.ts'

it('the emulator works without open ports, as the example of the option `fetch` says', async () => {
  const emulator = createEmulator()
  const zoho = createRecruitOAuth({
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri: 'http://acme.localhost:3000/zoho/callback',
    scopes: ['ZohoRecruit.modules.READ'],
    store: memoryStore(),
    encryptionKeys: [key],
    connectionFor: () => undefined,
    onEvent: () => {},
    fetch: (url, init) => emulator.fetch(url, init),
    dataCenters: emulator.dataCenters,
  })
  const { code } = emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.modules.READ',
    dataCenter: 'us',
  })
  const acme = zoho.connection('acme')
  await acme.exchangeSelfClientCode(code, { principal: 'ann' })
  expect((await acme.fetch('Candidates?per_page=1')).status).toBe(200)
})
