/** Loaded with `node --import` in a process of the app: changes core's sources while they load. */
import { registerHooks } from 'node:module'
import { formerFaults, type FormerFault, type FormerFaultNumber } from './faults.ts'

const number = Number(process.env['STRESS_REINTRODUCE']) as FormerFaultNumber
const { changes }: FormerFault = formerFaults[number]
const core = new URL('../../../packages/oauth-core/src/', import.meta.url).href

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const wanted = changes.filter(({ file }) => url === core + file)
    if (wanted.length === 0) return loaded
    let source = new TextDecoder().decode(bytesOf(loaded.source))
    for (const { file, from, to } of wanted) {
      if (!source.includes(from))
        throw new Error(
          `fault ${number}: ${file} does not contain ${JSON.stringify(from)}. ` +
            'Adapt operations/reintroduce/faults.ts.',
        )
      source = source.replaceAll(from, to)
    }
    return { ...loaded, source }
  },
})

const bytesOf = (source: unknown): Uint8Array =>
  typeof source === 'string'
    ? new TextEncoder().encode(source)
    : new Uint8Array(source as ArrayBuffer)
