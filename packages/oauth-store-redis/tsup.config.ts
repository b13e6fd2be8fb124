import { build } from '../../tsup.shared.ts'

export default build({ index: 'src/index.ts' })
