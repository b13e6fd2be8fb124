import type { Fault, FaultPlace } from '../faults/fault.ts'

type FaultPreset<F = Fault> = F extends unknown ? Omit<F, keyof FaultPlace> : never

/** A fault without its place: what goes wrong. */
interface Preset {
  readonly label: string
  readonly trouble: FaultPreset
}

/**
 * What the inspector's form offers to go wrong; everything else is for `POST /_emulator/faults`.
 */
export const faultPresets: Readonly<Record<string, Preset>> = {
  'drop-after': { label: 'Zoho acts, then the connection drops', trouble: { kind: 'drop-after' } },
  'drop-before': {
    label: 'The connection drops before Zoho acts',
    trouble: { kind: 'drop-before' },
  },
  latency: { label: 'The answer takes 5 s', trouble: { kind: 'latency', seconds: 5 } },
  silence: { label: 'No answer at all', trouble: { kind: 'silence' } },
  unavailable: { label: '503 with a page', trouble: { kind: 'status', status: 503 } },
  html: { label: '200 with an HTML page', trouble: { kind: 'html' } },
  truncated: { label: 'Half of the answer', trouble: { kind: 'truncated' } },
  'throttle-en': {
    label: 'Throttled: “Access Denied”',
    trouble: { kind: 'throttle', language: 'en' },
  },
  'throttle-zh': {
    label: 'Throttled in Chinese: “拒绝访问”',
    trouble: { kind: 'throttle', language: 'zh' },
  },
  redirect: {
    label: 'A redirect to another host',
    trouble: { kind: 'redirect', location: 'https://elsewhere.example/' },
  },
}

interface Target {
  readonly label: string
  readonly place: Pick<FaultPlace, 'on' | 'grantType'>
}

/** Which calls the form's fault strikes. */
export const targets: Readonly<Record<string, Target>> = {
  exchange: { label: 'Code exchange', place: { on: 'token', grantType: 'authorization_code' } },
  refresh: { label: 'Refresh', place: { on: 'token', grantType: 'refresh_token' } },
  revoke: { label: 'Revocation', place: { on: 'revoke' } },
  authorize: { label: 'Consent page', place: { on: 'authorize' } },
  api: { label: 'Recruit API', place: { on: 'api' } },
}

/** How often; an empty value is until it is switched off. */
export const repetitions: readonly (readonly [value: string, label: string])[] = [
  ['1', 'once'],
  ['3', '3 times'],
  ['10', '10 times'],
  ['', 'until switched off'],
]
