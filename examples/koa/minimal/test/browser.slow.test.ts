import { nodeCommand } from '@zrecruit-examples/shared-ui/test-support/example-app'
import { describeMinimalApp } from '@zrecruit-examples/shared-ui/test-support/minimal-app'

describeMinimalApp(nodeCommand(new URL('../src/server.ts', import.meta.url)))
