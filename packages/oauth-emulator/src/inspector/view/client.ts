import type { Client } from '../../client.ts'
import { element, type InspectorElement, type InspectorNode } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import { budgetGauge, panel, code } from './parts.ts'

/** The registered client. The secret is hidden until the user opens it. */
export function clientCard(
  { client, now }: Snapshot,
  { secret, secrets, secretPerDataCenter }: Client,
): InspectorElement {
  const secretList = Object.entries(secrets).map(([id, one]) =>
    element('p', {}, `${id} `, code(one)),
  )
  return panel(
    'client',
    'Your client',
    undefined,
    element(
      'dl',
      {},
      fact('Name', client.name),
      fact('Client id', code(client.id)),
      element(
        'div',
        {},
        element(
          'dt',
          {},
          secretPerDataCenter ? 'Client secrets, one per data center' : 'Client secret',
        ),
        element(
          'dd',
          {},
          element(
            'details',
            {},
            element('summary', {}, 'Show'),
            secretPerDataCenter ? secretList : code(secret),
          ),
        ),
      ),
      fact('Redirect URIs', ...client.redirectUris.map((uri) => code(uri))),
    ),
    budgetGauge('Authorization codes', client.codes, now),
  )
}

/** The data centers with their addresses and default users. */
export function dataCentersCard({ dataCenters }: Snapshot): InspectorElement {
  return panel(
    'data-centers',
    'Data centers',
    undefined,
    Object.entries(dataCenters).map(([id, { organization, user, ...addresses }]) =>
      element(
        'div',
        { class: 'data-center', 'data-key': id },
        element('h3', {}, element('span', { class: 'place' }, id), organization),
        element('small', {}, user),
        element(
          'dl',
          {},
          fact('Accounts', code(addresses.accountsServer)),
          fact('Recruit', code(addresses.recruitApi)),
          fact('API domain', code(addresses.apiDomain)),
          fact('Upload', code(addresses.uploadServer)),
          fact('Sandbox', code(addresses.sandboxApi)),
        ),
      ),
    ),
  )
}

function fact(name: string, ...values: readonly InspectorNode[]): InspectorElement {
  return element('div', {}, element('dt', {}, name), element('dd', {}, ...values))
}
