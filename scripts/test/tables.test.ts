import { expect, test } from 'vitest'
import { scopeCatalog, zohoDataCenters } from '../../packages/oauth-core/src/index.ts'
import { dataCenterIds } from '../../packages/oauth-emulator/src/data-centers.ts'
import { scopeCatalog as emulatorCatalog } from '../../packages/oauth-emulator/src/scope-catalog.ts'

// Core and the emulator share no code, so each has its own tables. A mistake in one of them is
// found here.

const scopesOf = (catalog: readonly { scope: string; operations: readonly string[] }[]) =>
  catalog
    .flatMap(({ scope, operations }) => operations.map((operation) => `${scope}.${operation}`))
    .toSorted()

test('the catalogues of core and of the emulator have the same scopes', () => {
  expect(scopesOf(scopeCatalog)).toEqual(scopesOf(emulatorCatalog))
})

test('every scope has its page, or is only known from other clients', () => {
  for (const entry of scopeCatalog) {
    const page = 'page' in entry ? entry.page : undefined
    if (entry.provenance === 'documented')
      expect(page).toMatch(/^https:\/\/(www|help)\.zoho\.com\/.*(recruit|uploadfile)/)
    else expect([entry.provenance, page]).toEqual(['observed', undefined])
  }
})

test('core and the emulator know the same data centers', () => {
  expect(Object.keys(zohoDataCenters).toSorted()).toEqual(dataCenterIds.toSorted())
})
