import { mergeConfig } from 'vitest/config'
import shared from './vitest.shared.ts'

/**
 * Tests in a real Chromium run one file after the other, because Chromium needs the processors.
 * Vitest refuses another number of workers without isolation, so these files are isolated.
 */
export default mergeConfig(shared, { test: { maxWorkers: 1, isolate: true } })
