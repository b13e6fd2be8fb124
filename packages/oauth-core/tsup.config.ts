import { build } from '../../tsup.shared.ts'

export default build({
  index: 'src/index.ts',
  memory: 'src/memory/index.ts',
  node: 'src/node/index.ts',
  sqlite: 'src/sqlite/index.ts',
})
