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

const correctOption = (option: keyof typeof validOptions, wrong: string): Breakage =>
  changeOptions((options) => String(options[option]) === wrong, { [option]: validOptions[option] })

/** Passes only options that core knows. */
const withoutUnknownOption: Breakage = (parts) => ({
  ...parts,
  create: (options) => {
    const { serveWithoutStoreMS: _unknown, ...known } = options as typeof options & {
      serveWithoutStoreMS?: unknown
    }
    return parts.create(known)
  },
})

/** Silently replaces an invalid option by a valid one. */
export const options: Readonly<Record<string, Breakage>> = {
  'option-client-id': correctOption('clientId', 'undefined'),
  'option-client-secret': correctOption('clientSecret', 'undefined'),
  'option-redirect-uri': correctOption('redirectUri', '/zoho/callback'),
  'option-redirect-uri-plain': correctOption('redirectUri', 'http://app.example.com/zoho/callback'),
  'option-scopes': correctOption('scopes', ''),
  'option-scopes-wrong': correctOption('scopes', 'ZohoRecruit.modules.ALL,evil'),
  'option-keys': correctOption('encryptionKeys', 'c2hvcnQ='),
  'option-data-center': correctOption('dataCenter', 'mars'),
  'option-mount-path': correctOption('mountPath', '/auth'),
  'option-unknown': withoutUnknownOption,
}
