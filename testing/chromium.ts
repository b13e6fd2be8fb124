import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const executablePath = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

const notFound =
  'No Chromium was found: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.'

if (executablePath === undefined && process.env['CI']) throw new Error(notFound)

/**
 * Whether a Chromium is installed; without one, its tests are skipped. With `CI` set, a missing
 * Chromium is an error.
 */
export const hasChromium: boolean = executablePath !== undefined

/** The end of a test's title. It gives the reason if the test is skipped. */
export const inChromium = `in a real Chromium${
  hasChromium ? '' : ' (skipped: none was found; set CHROMIUM_PATH)'
}`

/** Starts the installed Chromium with `args` and the arguments that every test needs. */
export const launchChromium = async (args: readonly string[] = []): Promise<Browser> => {
  if (executablePath === undefined) throw new Error(notFound)
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', ...args],
  })
}
