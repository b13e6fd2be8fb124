import { subjects } from './subject/subjects.ts'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { describe, expect, it } from 'vitest'

const redirectUri = 'https://app.example.com/zoho/callback'

describe.each(subjects())('$name', ({ start }) => {
  it('starts, answers and ends', async () => {
    const emulator = createEmulator({ redirectUris: [redirectUri] })
    await emulator.listen({ port: 0 })
    const options = { clientId: emulator.client.id, clientSecret: emulator.client.secret, redirectUri, scopes: ['ZohoRecruit.modules.ALL'] as const, dataCenters: emulator.dataCenters, encryptionKeys: [Buffer.alloc(32, 1).toString('base64')] }
    const app = await start({ options, mount: '/zoho', bodyParser: true })
    const answer = await fetch(`${app.origin}/candidates`)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, 'app=kept; Path=/'])
    await app.close()
    await emulator.close()
    await expect(start({ options, mount: '/elsewhere', bodyParser: true })).rejects.toMatchObject({ code: 'configuration-invalid' })
  })
})
