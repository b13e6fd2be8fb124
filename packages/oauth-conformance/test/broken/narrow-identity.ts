import {
  changeResponse,
  changeBody,
  changeOptions,
  path,
  changeStatus,
  type Breakage,
} from './seams.ts'

export const identity: Readonly<Record<string, Breakage>> = {
  'identity-shown': changeResponse(
    (seen) => path(seen) === '/account',
    changeBody((text) => text.replace(/"userName":"[^"]*"/, '"userName":"alice"')),
  ),
  'account-switched': changeResponse(
    (_, __, text) => text.includes('account-switched'),
    changeStatus(303),
  ),
  'account-switch-allowed': changeOptions(({ allowAccountSwitch }) => allowAccountSwitch === true, {
    allowAccountSwitch: false,
  }),
}
