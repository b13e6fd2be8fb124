import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { pack, packages, packedManifest, type Manifest } from '../shipped/packages.ts'
import { run } from './run.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a registry on loopback that has only the packages of this repository. */
    readonly registry: string
  }
}

/** A registry's response about a package. */
interface Packument {
  readonly name: string
  readonly 'dist-tags': { readonly latest: string }
  readonly versions: Readonly<
    Record<
      string,
      Manifest & { readonly dist: { readonly tarball: string; readonly integrity: string } }
    >
  >
  readonly time: Readonly<Record<string, string>>
}

/**
 * Packs every package once, and serves them like the npm registry, so that npm and pnpm install
 * them.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'zrecruit-registry-'))
  const tarballs = new Map<string, Buffer>()
  const packuments = new Map<string, Packument>()
  // Each run has its own path: npm and pnpm cache the responses of an earlier run on the same port.
  const path = `/${randomUUID()}/`
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').replace(path, '')
    const body = tarballs.get(name) ?? JSON.stringify(packuments.get(name))
    response
      .writeHead(body === undefined ? 404 : 200, {
        'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
      })
      .end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  for (const each of packages) {
    const tarball = await pack(each, folder)
    const manifest = await packedManifest(tarball)
    const bytes = await readFile(tarball)
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    tarballs.set(basename(tarball), bytes)
    packuments.set(
      manifest.name,
      packument({ ...manifest, dist: { tarball: `${address}${basename(tarball)}`, integrity } }),
    )
  }
  project.provide('registry', address)
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await run('pnpm', ['cache', 'delete', '@zrecruit/*', `--registry=${address}`], folder)
    await rm(folder, { recursive: true })
  }
}

/** The publication date is long ago: pnpm installs no version that is less than a day old. */
const packument = (manifest: Packument['versions'][string]): Packument => ({
  name: manifest.name,
  'dist-tags': { latest: manifest.version },
  versions: { [manifest.version]: manifest },
  time: {
    created: '2020-01-01T00:00:00Z',
    modified: '2020-01-01T00:00:00Z',
    [manifest.version]: '2020-01-01T00:00:00Z',
  },
})
