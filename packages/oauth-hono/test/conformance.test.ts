import { describeRuntimes } from './subjects.ts'

describeRuntimes(['Node 24', 'workerd'])
