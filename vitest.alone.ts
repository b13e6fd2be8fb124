import { mergeConfig } from 'vitest/config'
import shared from './vitest.shared.ts'

/** For apps in a real Chromium, which wants the processors for itself. */
export default mergeConfig(shared, { test: { maxWorkers: 1 } })
