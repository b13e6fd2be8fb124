// The suite
export { adapterCases } from './cases/index.ts'
export type { AdapterCase } from './adapter-case.ts'
export { describeAdapter, runAdapterCase, runAdapterCases, type TestRunner } from './run.ts'
export type { Answer, Question } from './stage/ask.ts'
export type { Changes, Scene, Stage } from './stage/stage.ts'
export type { Visitor } from './stage/visitor.ts'

// The app under test
export { connectionOf } from './session.ts'
export type { AppOptions, AppSettings, RunningApp, Subject } from './subject.ts'
