import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

// `pnpm check` runs every script named `check:…` in package.json, two at a time. It runs all of
// them, and prints the complete output of each that fails.
const { scripts } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { scripts: Record<string, string> }
const waitingScripts = Object.keys(scripts).filter((name) => name.startsWith('check:'))
const failed: string[] = []

async function run(script: string): Promise<void> {
  const startedAt = performance.now()
  const { code, output } = await pnpm(script)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${script}  ${seconds} s`)
  if (code === 0) return
  failed.push(script)
  console.log(output.replace(/^/gm, '        '))
}

const pnpm = (script: string) =>
  new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn('pnpm', ['run', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += String(chunk)))
    child.stderr.on('data', (chunk) => (output += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })

async function worker(): Promise<void> {
  while (true) {
    const script = waitingScripts.shift()
    if (script === undefined) return
    await run(script)
  }
}

// The checks of the packages and of their size read the build.
await run('build')
if (failed.length === 0) await Promise.all([worker(), worker()])
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
