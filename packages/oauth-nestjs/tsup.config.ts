import { build } from '../../tsup.shared.ts'

export default build({
  index: 'src/index.ts',
  sqlite: 'src/sqlite.ts',
  config: 'src/config.ts',
  terminus: 'src/terminus.ts',
})
