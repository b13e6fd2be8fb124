export { connectionOf } from './session.ts'
export type { AppOptions, AppSettings, RunningApp, Subject } from './subject.ts'
