import { build } from '../../tsup.shared.ts'

export default build({
  index: 'src/index.ts',
  memory: 'src/store/memory.ts',
  node: 'src/node/index.ts',
  sqlite: 'src/store/sqlite/index.ts',
})
