import type { DataCenterAddresses } from '../data-centers.ts'
import type { Client } from '../client.ts'
import { consentAddress } from './consent-address.ts'

interface RunningEmulator {
  readonly dataCenters: Readonly<Record<string, DataCenterAddresses>>
  readonly client: Client
}

export const usage = `zoho-emulator: Zoho's accounts servers and a part of Recruit v2

  --port NUMBER          first of the consecutive ports on 127.0.0.1: three for each data
                         center, then two more for each (default 4800; 0: free ports)
  --data-centers LIST    emulated data centers, of us eu in au jp cn ca sa uk ae sg
                         (default us,eu,in); the client is registered at the first
  --redirect-uri URI     a registered redirect URI instead of the default ones; repeatable
                         (default http://localhost:3000/zoho/callback and
                         http://127.0.0.1:3000/zoho/callback)
  --client-id ID         id of the registered client (default: random)
  --client-secret SECRET its secret (default: random)
  --multi-dc on|off      off: only the first data center knows the client (default on)
  --throttle-status 400|200    status of the throttle response (default 400)
  --throttle-language en|zh    language of the throttle response (default en)
  --json                 print the addresses and the client as one line of JSON
  --help                 print this text
`

/** One line of JSON for other programs. */
export function asJson({
  dataCenters,
  client: { id, secret, redirectUris },
}: RunningEmulator): string {
  return `${JSON.stringify({ dataCenters, client: { id, secret, redirectUris } })}\n`
}

/** The same data for a person, with URLs to open. */
export function asText({ dataCenters, client }: RunningEmulator): string {
  const first = Object.values(dataCenters)[0]?.accountsServer ?? ''
  const lines = [
    'Zoho emulator (not Zoho) is ready. End it with Ctrl+C.',
    '',
    ...Object.entries(dataCenters).flatMap(([id, addresses]) => [
      `  ${id}  accounts server  ${addresses.accountsServer}`,
      `      Recruit API      ${addresses.recruitApi}`,
      `      API domain       ${addresses.apiDomain}`,
      `      upload server    ${addresses.uploadServer}`,
      `      sandbox          ${addresses.sandboxApi}`,
    ]),
    '',
    `  client id      ${client.id}`,
    `  client secret  ${client.secret}`,
    ...client.redirectUris.map((uri) => `  redirect URI   ${uri}`),
    '',
    'For an app that reads them from the environment:',
    `  export ZOHO_CLIENT_ID=${client.id} ZOHO_CLIENT_SECRET=${client.secret} ` +
      `ZOHO_DATA_CENTERS='${JSON.stringify(dataCenters)}'`,
    '',
    'Inspector, to watch the calls of your app and to add faults:',
    `  ${first}/_emulator/`,
    'Consent page, to try in a browser:',
    `  ${consentAddress(first, client)}`,
    'Control endpoints for tests, on any accounts server: GET ' +
      '/_emulator/{journal,calls,tokens,faults,settings}, POST ' +
      '/_emulator/{faults,settings,codes,clock,reset,…}.',
    '',
  ]
  return lines.join('\n')
}
