// Adapters: the suite
export { adapterCases } from './cases/index.ts'
export type { AdapterCase } from './adapter-case.ts'
export { describeAdapter, runAdapterCase, runAdapterCases, type TestRunner } from './run.ts'
export type { Answer, Question } from './stage/ask.ts'
export type { RawRequest } from './stage/raw.ts'
export type { Changes, Scene, Stage } from './stage/stage.ts'
export type { Visitor } from './stage/visitor.ts'

// Adapters: the app under test
export { connectionOf } from './session.ts'
export type { AppOptions, AppSettings, RunningApp, Subject, WholeApp } from './subject.ts'

// Stores: the suite
export { storeCases } from './store/cases/index.ts'
export type { StoreCase, StoreStage } from './store/case.ts'
export { describeStore, runStoreCase, runStoreCases } from './store/run.ts'

// Stores: the one under test
export { storeInProcess } from './store/elsewhere/process.ts'
export { storeOver, type StoreAnswer, type StoreOrder } from './store/elsewhere/orders.ts'
export type { OtherProcess, RunningStore, StoreSubject } from './store/subject.ts'
