import { parseArgs } from 'node:util'
import { type DataCenterId, isDataCenterId } from '../data-centers.ts'
import type { EmulatorOptions } from '../options.ts'

type Arguments =
  | { readonly error: string }
  | {
      readonly help: boolean
      readonly json: boolean
      readonly port: number
      readonly options: EmulatorOptions
    }

const flags = {
  port: { type: 'string', default: '4800' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  'redirect-uri': { type: 'string', multiple: true },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
  'data-centers': { type: 'string' },
  'throttle-status': { type: 'string' },
  'throttle-language': { type: 'string' },
  'multi-dc': { type: 'string' },
} as const

/**
 * Parses the command line; `argv` begins after the name of the program. A leading `--` is dropped,
 * because `pnpm emulator -- --json` passes it on.
 */
export function parseArguments(argv: readonly string[]): Arguments {
  try {
    const args = argv[0] === '--' ? argv.slice(1) : [...argv]
    const { values } = parseArgs({ args, options: flags, strict: true, allowPositionals: false })
    const options = {
      clientId: values['client-id'],
      clientSecret: values['client-secret'],
      redirectUris: values['redirect-uri'],
      dataCenters: parseDataCenters('--data-centers', values['data-centers']),
      throttleStatus: parseChoice('--throttle-status', values['throttle-status'], {
        '400': 400,
        '200': 200,
      } as const),
      throttleLanguage: parseChoice('--throttle-language', values['throttle-language'], {
        en: 'en',
        zh: 'zh',
      } as const),
      multiDataCenter: parseChoice('--multi-dc', values['multi-dc'], { on: true, off: false }),
    }
    const present = Object.fromEntries(
      Object.entries(options).filter(([, value]) => value !== undefined),
    )
    return { help: values.help, json: values.json, port: parsePort(values.port), options: present }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text)
  throw new Error(`--port takes a number from 0 to 65535, not "${text}".`)
}

function parseDataCenters(flag: string, text: string | undefined): DataCenterId[] | undefined {
  const ids = text?.split(',')
  if (ids === undefined || ids.every(isDataCenterId)) return ids
  throw new Error(`${flag} takes data centers such as us,eu,cn, not "${text}".`)
}

function parseChoice<T>(
  flag: string,
  text: string | undefined,
  values: Readonly<Record<string, T>>,
): T | undefined {
  if (text === undefined) return undefined
  if (Object.hasOwn(values, text)) return values[text]
  throw new Error(`${flag} takes ${Object.keys(values).join(' or ')}, not "${text}".`)
}
