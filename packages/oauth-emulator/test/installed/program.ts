import { equal } from 'node:assert/strict'
import { emulator } from './readme.js'

// The code of the README closes the emulator. `emulator.fetch` needs no open port.
const main = async (): Promise<void> => {
  const response = await emulator.fetch(
    `${emulator.dataCenters.us.accountsServer}/oauth/serverinfo`,
  )
  equal(response.status, 200)
  equal(emulator.journal().length, 1)
  console.log('it works')
}
void main()
