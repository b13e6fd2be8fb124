import { describeRuntimes } from './subjects.ts'

describeRuntimes(['Node 22', 'Node 26', 'Bun', 'Deno'])
