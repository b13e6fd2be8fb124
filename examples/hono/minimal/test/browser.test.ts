import { describeMinimalApp } from './minimal-app.ts'

describeMinimalApp()
