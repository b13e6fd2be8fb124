import { postgresDatabase } from '@zrecruit/testing/services'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of a database that is removed at the end of the test run. */
    readonly postgres: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, drop } = await postgresDatabase()
  project.provide('postgres', url)
  return drop
}
