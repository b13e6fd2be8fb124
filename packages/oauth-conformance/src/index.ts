// Adapters: the suite
export { adapterCases } from './cases/index.ts'
export type { AdapterCase } from './adapter-case.ts'
export { describeAdapter, runAdapterCase, runAdapterCases, type TestRunner } from './run.ts'
export type { TestResponse, TestRequest } from './harness/send-request.ts'
export type { RawRequest } from './harness/raw.ts'
export type { Changes, TestApp, TestContext } from './harness/test-context.ts'
export type { Visitor } from './harness/visitor.ts'

// Adapters: the app under test
export { connectionOf } from './session.ts'
export type {
  AppOptions,
  AppSettings,
  RunningApp,
  AdapterHarness,
  CatchAllPosition,
} from './adapter-harness.ts'

// Stores: the suite
export { storeCases } from './store/cases/index.ts'
export type { StoreCase, StoreTestContext } from './store/case.ts'
export { describeStore, runStoreCase, runStoreCases } from './store/run.ts'

// Stores: the store under test
export { storeInProcess } from './store/remote/process.ts'
export { storeOver, type StoreResult, type StoreCommand } from './store/remote/commands.ts'
export type { OtherProcess, RunningStore, StoreHarness } from './store/store-harness.ts'
