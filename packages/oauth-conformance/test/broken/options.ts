import { changeOptions, type Breakage } from './seams.ts'

const validOptions = {
  clientId: '1000.CLIENT',
  clientSecret: 'secret',
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.ALL'],
  encryptionKeys: undefined,
  dataCenter: 'us',
  mountPath: undefined,
} as const

const correct = (option: keyof typeof validOptions, wrong: string): Breakage =>
  changeOptions((options) => String(options[option]) === wrong, { [option]: validOptions[option] })

/** Silently replaces an invalid option by a valid one. */
export const options: Readonly<Record<string, Breakage>> = {
  'option-client-id': correct('clientId', 'undefined'),
  'option-client-secret': correct('clientSecret', 'undefined'),
  'option-redirect-uri': correct('redirectUri', '/zoho/callback'),
  'option-redirect-uri-plain': correct('redirectUri', 'http://app.example.com/zoho/callback'),
  'option-scopes': correct('scopes', ''),
  'option-scopes-wrong': correct('scopes', 'ZohoRecruit.modules.ALL,evil'),
  'option-keys': correct('encryptionKeys', 'c2hvcnQ='),
  'option-data-center': correct('dataCenter', 'mars'),
  'option-mount-path': correct('mountPath', '/auth'),
}
