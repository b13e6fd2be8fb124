import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

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
export const inChromium = `in a real Chromium${executablePath ? '' : ' (skipped: none was found; set CHROMIUM_PATH)'}`

/** Every host below `.test` is this machine. */
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

/** A certificate of a day, for a server on loopback that Chromium is told not to doubt. */
export const certificate = (): { readonly key: string; readonly cert: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-tls-'))
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
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
