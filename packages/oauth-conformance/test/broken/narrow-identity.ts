import { answering, body, creating, path, status, type Breakage } from './seams.ts'

export const identity: Readonly<Record<string, Breakage>> = {
  'identity-shown': answering(
    (seen) => path(seen) === '/account',
    body((text) => text.replace(/"userName":"[^"]*"/, '"userName":"alice"')),
  ),
  'account-switched': answering((_, __, text) => text.includes('account-switched'), status(303)),
  'account-switch-allowed': creating(({ allowAccountSwitch }) => allowAccountSwitch === true, {
    allowAccountSwitch: false,
  }),
}
