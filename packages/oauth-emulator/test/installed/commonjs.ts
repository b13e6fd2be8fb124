import { equal, match } from 'node:assert/strict'
import { createEmulator } from '@zrecruit/oauth-emulator'

const main = async (): Promise<void> => {
  const emulator = createEmulator({ dataCenters: ['us', 'eu'] })
  await emulator.listen({ port: 0 })
  const { accountsServer } = emulator.dataCenters.us
  match(accountsServer, /^http:\/\/127\.0\.0\.1:\d+$/)
  const response = await fetch(`${accountsServer}/oauth/serverinfo`)
  equal(response.status, 200)
  equal(emulator.journal().length, 1)
  await emulator.close()
  console.log('it works')
}
void main()
