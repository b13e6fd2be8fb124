#!/usr/bin/env node
import { readArguments } from './command/arguments.ts'
import { asJson, asText, usage } from './command/output.ts'
import { createEmulator, type Emulator } from './emulator.ts'

/**
 * `zoho-emulator`: serves until it is ended. Exit codes: 0 ended by a signal, 1 a port could not be
 * opened, 2 wrong flags.
 */
async function main(): Promise<void> {
  const read = readArguments(process.argv.slice(2))
  if ('wrong' in read) {
    return fail(`${read.wrong} Try --help.`, 2)
  }
  if (read.help) {
    process.stdout.write(usage)
    return
  }
  let emulator: Emulator
  try {
    emulator = createEmulator(read.options)
  } catch (error) {
    return fail(error, 2)
  }
  try {
    await emulator.listen({ port: read.port })
  } catch (error) {
    return fail(error, 1)
  }
  const end = () => void emulator.close().then(() => process.exit(0))
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  process.stdout.write(read.json ? asJson(emulator) : asText(emulator))
}

function fail(error: unknown, exitCode: 1 | 2): void {
  process.stderr.write(`zoho-emulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = exitCode
}

void main()
