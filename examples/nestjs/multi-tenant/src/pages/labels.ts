import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { ConnectionStatus } from '@zrecruit/oauth-nestjs'

export const statusLabels: Readonly<Record<ConnectionStatus['status'], string>> = {
  none: 'Not connected',
  active: 'Connected',
  'needs-consent': 'Needs consent again',
  revoking: 'Disconnecting',
  revoked: 'Disconnected',
}

const places: Readonly<Record<string, string>> = {
  us: 'United States',
  eu: 'Europe',
  in: 'India',
  au: 'Australia',
  jp: 'Japan',
  cn: 'China',
  ca: 'Canada',
  sa: 'Saudi Arabia',
  uk: 'United Kingdom',
  ae: 'United Arab Emirates',
  sg: 'Singapore',
}

export const placeOf = (dataCenter: string): string => places[dataCenter] ?? dataCenter

/** A time from the store's clock, in UTC. */
export const formatTime = (time: number, precision: 'minute' | 'second' = 'minute'): Html => {
  const date = new Date(time)
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(precision === 'second' && { second: '2-digit' }),
  }).format(date)
  return html`<time datetime="${date.toISOString()}">${text} UTC</time>`
}

/** A name from Zoho. `bdi` keeps its writing direction from affecting the text around it. */
export const isolate = (name: string): Html => html`<bdi>${name}</bdi>`
