import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { ConnectionStatus } from '@zrecruit/oauth-nestjs'

export const statusWords: Readonly<Record<ConnectionStatus['status'], string>> = {
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

/** A time of the store's clock, in UTC. */
export const instant = (at: number, to: 'minute' | 'second' = 'minute'): Html => {
  const date = new Date(at)
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(to === 'second' && { second: '2-digit' }),
  }).format(date)
  return html`<time datetime="${date.toISOString()}">${shown} UTC</time>`
}

/** A name from Zoho. `bdi` keeps its writing direction from affecting the text around it. */
export const told = (name: string): Html => html`<bdi>${name}</bdi>`
