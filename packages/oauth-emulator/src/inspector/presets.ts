import type { Fault, FaultPlace } from '../faults/fault.ts'

/** The conditional type handles each kind of fault separately, so that each keeps its fields. */
type FaultPreset<F = Fault> = F extends unknown ? Omit<F, keyof FaultPlace> : never

/** A fault that the form offers. The other fields of the form select the requests. */
interface Preset {
  readonly label: string
  readonly fault: FaultPreset
}

/** The faults in the form of the inspector. Other faults are added by `POST /_emulator/faults`. */
export const faultPresets: Readonly<Record<string, Preset>> = {
  'drop-after': { label: 'Zoho acts, then the connection drops', fault: { kind: 'drop-after' } },
  'drop-before': {
    label: 'The connection drops before Zoho acts',
    fault: { kind: 'drop-before' },
  },
  latency: { label: 'The response takes 5 s', fault: { kind: 'latency', seconds: 5 } },
  silence: { label: 'No response at all', fault: { kind: 'silence' } },
  unavailable: {
    label: '503 with a page and Retry-After',
    fault: { kind: 'status', status: 503, retryAfter: '30' },
  },
  'too-many-requests': {
    label: 'Recruit: 429 with Retry-After',
    fault: { kind: 'recruit-error', status: 429, code: 'TOO_MANY_REQUESTS', retryAfter: '60' },
  },
  'no-permission': {
    label: 'Recruit: 403 NO_PERMISSION',
    fault: { kind: 'recruit-error', status: 403, code: 'NO_PERMISSION' },
  },
  'no-content': { label: '204 without a body', fault: { kind: 'no-body' } },
  html: { label: '200 with an HTML page', fault: { kind: 'html' } },
  truncated: { label: 'Half of the response', fault: { kind: 'truncated' } },
  'throttle-en': {
    label: 'Throttled: “Access Denied”',
    fault: { kind: 'throttle', language: 'en' },
  },
  'throttle-zh': {
    label: 'Throttled in Chinese: “拒绝访问”',
    fault: { kind: 'throttle', language: 'zh' },
  },
  redirect: {
    label: 'A redirect to another host',
    fault: { kind: 'redirect', location: 'https://elsewhere.example/' },
  },
}

interface Target {
  readonly label: string
  readonly place: Pick<FaultPlace, 'on' | 'grantType'>
}

/** The requests that the form offers. */
export const targets: Readonly<Record<string, Target>> = {
  exchange: { label: 'Code exchange', place: { on: 'token', grantType: 'authorization_code' } },
  refresh: { label: 'Refresh', place: { on: 'token', grantType: 'refresh_token' } },
  revoke: { label: 'Revocation', place: { on: 'revoke' } },
  authorize: { label: 'Consent page', place: { on: 'authorize' } },
  api: { label: 'Recruit API', place: { on: 'api' } },
}

/** How often a fault applies. An empty value: until the fault is switched off. */
export const repetitions: readonly (readonly [value: string, label: string])[] = [
  ['1', 'once'],
  ['3', '3 times'],
  ['10', '10 times'],
  ['', 'until switched off'],
]
