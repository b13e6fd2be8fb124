#!/usr/bin/env node
import { parseArguments } from './command/arguments.ts'
import { asJson, asText, usage } from './command/output.ts'
import { createEmulator, type Emulator } from './emulator.ts'

/**
 * `zoho-emulator`: serves until a signal ends it. Exit codes: 0 after a signal, 1 when a port
 * cannot be opened, 2 for invalid flags.
 */
async function main(): Promise<void> {
  const parsed = parseArguments(process.argv.slice(2))
  if ('error' in parsed) {
    return fail(`${parsed.error} Try --help.`, 2)
  }
  if (parsed.help) {
    process.stdout.write(usage)
    return
  }
  let emulator: Emulator
  try {
    emulator = createEmulator(parsed.options)
  } catch (error) {
    return fail(error, 2)
  }
  try {
    await emulator.listen({ port: parsed.port })
  } catch (error) {
    return fail(error, 1)
  }
  const stop = () => void emulator.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  process.stdout.write(parsed.json ? asJson(emulator) : asText(emulator))
}

function fail(error: unknown, exitCode: 1 | 2): void {
  process.stderr.write(`zoho-emulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = exitCode
}

void main()
