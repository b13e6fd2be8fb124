import { consentAddress } from '../../command/consent-address.ts'
import { element, type InspectorElement } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import { panel, code } from './parts.ts'

/** The first steps, shown while no user is connected. */
export function welcome({ dataCenters, client, journal }: Snapshot): InspectorElement {
  const [first] = Object.values(dataCenters)
  const accountsServer = first?.accountsServer ?? ''
  return panel(
    'connections',
    journal.length === 0 ? 'Nobody has connected yet' : 'Nobody is connected',
    undefined,
    element(
      'ol',
      { class: 'steps' },
      step(
        'Point your app here',
        'Its accounts server is ',
        code(accountsServer),
        '; the client id and secret are under “Your client”.',
      ),
      step(
        'Check its redirect URI',
        'It must be exactly ',
        ...client.redirectUris.flatMap((uri, index) => [index === 0 ? '' : ' or ', code(uri)]),
        '.',
      ),
      step(
        'Connect',
        'From your app. Without one you can still see the consent page; it ends at the ' +
          'redirect URI, whether or not an app answers there.',
      ),
    ),
    element(
      'a',
      { class: 'main', href: consentAddress(accountsServer, client) },
      'Try the consent page',
    ),
  )
}

function step(title: string, ...text: Parameters<typeof element>[2][]): InspectorElement {
  return element('li', {}, element('b', {}, title), element('p', {}, ...text))
}
