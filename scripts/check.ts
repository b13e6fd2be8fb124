import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

// `pnpm check`: every script named `check:…` in package.json, two at a time; all of them run, each
// failure is shown whole.
const { scripts } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { scripts: Record<string, string> }
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'))
const failed: string[] = []

async function run(script: string): Promise<void> {
  const beganAt = performance.now()
  const { code, output } = await pnpm(script)
  const seconds = ((performance.now() - beganAt) / 1000).toFixed(1)
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
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift())
    await run(script)
}

// The shape and the size of the packages are those of what is built.
await run('build')
if (failed.length === 0) await Promise.all([worker(), worker()])
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
