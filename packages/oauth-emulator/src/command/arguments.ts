import { parseArgs } from 'node:util'
import type { EmulatorOptions } from '../options.ts'

type DefaultDataCenters = 'us' | 'eu' | 'in'

type Arguments =
  | { readonly wrong: string }
  | { readonly help: boolean; readonly json: boolean; readonly port: number; readonly options: EmulatorOptions<DefaultDataCenters> }

const flags = {
  port: { type: 'string', default: '4800' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  'redirect-uri': { type: 'string', multiple: true },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
} as const

/** Reads the command line, without the program's name. A leading `--`, as `pnpm emulator -- --json` leaves one, is dropped. */
export function readArguments(given: readonly string[]): Arguments {
  try {
    const args = given[0] === '--' ? given.slice(1) : [...given]
    const { values } = parseArgs({ args, options: flags, strict: true, allowPositionals: false })
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) {
      return { wrong: `--port takes a number from 0 to 65535, not "${values.port}".` }
    }
    const redirectUris = values['redirect-uri']
    const client = { clientId: values['client-id'], clientSecret: values['client-secret'] }
    const options = Object.fromEntries(Object.entries({ ...client, redirectUris }).filter(([, value]) => value !== undefined))
    return { help: values.help, json: values.json, port: Number(values.port), options }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}
