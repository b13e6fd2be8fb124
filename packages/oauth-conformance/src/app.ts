/** The exports for the app under test. They use no Node API, so they run in every runtime. */
export { connectionOf } from './session.ts'
export type {
  AppOptions,
  AppSettings,
  RunningApp,
  AdapterHarness,
  CatchAllPosition,
} from './adapter-harness.ts'
