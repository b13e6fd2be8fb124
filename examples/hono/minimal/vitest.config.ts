export { default } from '../../../vitest.alone.ts'
