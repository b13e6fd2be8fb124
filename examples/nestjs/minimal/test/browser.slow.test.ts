import { nestCommand } from '@zrecruit-examples/shared-ui/test-support/example-app'
import { describeMinimalApp } from '@zrecruit-examples/shared-ui/test-support/minimal-app'

describeMinimalApp(nestCommand(new URL('..', import.meta.url)))
