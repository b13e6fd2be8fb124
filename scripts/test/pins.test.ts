import { expect, it } from 'vitest'
import { packages } from '../shipped/packages.ts'
import { differences, pinsOf, readPins } from '../shipped/pins.ts'

const core = packages.find(({ manifest }) => manifest.name === '@zrecruit/oauth-core')!
const pins = pinsOf(
  core,
  [
    'dist/chunk-D6KLK2SQ.cjs.map',
    'dist/store-port-D77Kc0ti.d.cts',
    'dist/a-long-name.js',
    'dist/chunk-L4RDQ5TD.js',
  ],
  { '.': { values: ['a'], types: ['B'], needsNode: false } },
)

it('pins file names without their hashes', () => {
  expect(pins.files).toEqual([
    'dist/a-long-name.js',
    'dist/chunk-*.cjs.map',
    'dist/chunk-*.js',
    'dist/store-port-*.d.cts',
  ])
})

it('reports another chunk, but not another hash', () => {
  const rebuilt = { ...pins, files: [...pins.files, 'dist/chunk-*.js'].toSorted() }
  expect(differences(pins, pins)).toEqual([])
  expect(differences(pins, rebuilt)).toEqual(['+ file dist/chunk-*.js (another)'])
  expect(differences(rebuilt, pins)).toEqual(['- file dist/chunk-*.js (another)'])
})

it('reports a name that is added, removed, or changed from a value to a type', () => {
  expect(
    differences(pins, {
      ...pins,
      entryPoints: {
        '.': { values: [], types: ['B', 'a'], needsNode: true },
        './b': { values: ['c'], types: [], needsNode: false },
      },
    }),
  ).toEqual(["+ type a of '.'", "+ types of Node in '.'", "+ value c of './b'", "- value a of '.'"])
})

it('P1: core has no dependencies', () => {
  expect(readPins(core)?.dependencies).toEqual([])
  expect(differences(pins, { ...pins, dependencies: ['left-pad'] })).toEqual(['+ package left-pad'])
})

it('reports everything as added if there are no pins', () => {
  expect(differences(undefined, pins)).toHaveLength(6)
})
