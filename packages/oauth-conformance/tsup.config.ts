import { build } from '../../tsup.shared.ts'

export default build({ index: 'src/index.ts', app: 'src/app.ts', remote: 'src/remote.ts' })
