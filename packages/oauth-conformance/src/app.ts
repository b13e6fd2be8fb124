/** What the app under test needs, without anything of Node's: it may be bundled for any runtime. */
export { connectionOf } from './session.ts'
export type {
  AppOptions,
  AppSettings,
  RunningApp,
  AdapterHarness,
  WholeApp,
} from './adapter-harness.ts'
