import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const executablePath = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

if (!executablePath && process.env['CI'])
  throw new Error(
    'No Chromium was found: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.',
  )

export const noChromium = executablePath === undefined
const skipReason = executablePath ? '' : ' (skipped: none was found; set CHROMIUM_PATH)'
export const chromiumTitle = `in a real Chromium${skipReason}`

/** Resolves every host below `.test` to this machine. */
export const launchChromium = () =>
  chromium.launch({
    executablePath: executablePath as string,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--ignore-certificate-errors',
      '--host-resolver-rules=MAP *.test 127.0.0.1',
    ],
  })

/** Collects console errors and uncaught exceptions of a page. */
export const collectErrors = (page: Page): string[] => {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => {
    errors.push(error.message)
  })
  return errors
}

/** The folder for screenshots, from `SCREENSHOTS`. If `undefined`, tests save no screenshots. */
export const screenshotFolder = (): string | undefined => {
  const folder = process.env['SCREENSHOTS']
  if (folder) mkdirSync(folder, { recursive: true })
  return folder || undefined
}

/** A self-signed certificate for one day. `launchChromium` starts a browser that accepts it. */
export const createCertificate = (): { readonly key: string; readonly cert: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-tls-'))
  try {
    const key = join(folder, 'key.pem')
    const cert = join(folder, 'cert.pem')
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=app.test',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    )
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
