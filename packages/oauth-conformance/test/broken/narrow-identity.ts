import {
  changeResponse,
  changeBody,
  changeOptions,
  changeStatus,
  path,
  type Breakage,
} from './seams.ts'

export const identity: Readonly<Record<string, Breakage>> = {
  'identity-shown': changeResponse(
    (seen) => path(seen) === '/account',
    changeBody((text) => text.replace(/"userName":"[^"]*"/, '"userName":"alice"')),
  ),
  'account-switched': changeResponse(
    (_, __, text) => text.includes('<code>account-switched'),
    changeStatus(303),
  ),
  'account-switch-allowed': changeOptions(({ allowAccountSwitch }) => allowAccountSwitch === true, {
    allowAccountSwitch: false,
  }),
  'account-colleague': changeOptions(
    ({ allowAccountSwitch }) => allowAccountSwitch === 'same-organization',
    { allowAccountSwitch: true },
  ),
}
