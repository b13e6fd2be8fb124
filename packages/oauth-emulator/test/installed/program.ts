import { equal } from 'node:assert/strict'
import { emulator } from './readme.js'

// The README's lines close it, so it answers by origin.
const main = async (): Promise<void> => {
  const answer = await emulator.fetch(`${emulator.dataCenters.us.accountsServer}/oauth/serverinfo`)
  equal(answer.status, 200)
  equal(emulator.journal().length, 1)
  console.log('it works')
}
void main()
