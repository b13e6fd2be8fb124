import { mergeConfig } from 'vitest/config'
import shared from './vitest.shared.ts'

/** For tests of apps in a real Chromium: one worker, because Chromium needs the processors. */
export default mergeConfig(shared, { test: { maxWorkers: 1 } })
