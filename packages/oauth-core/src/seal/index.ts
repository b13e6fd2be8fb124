export { open, seal } from './envelope.ts'
export { keyRing, type KeyRing } from './key-ring.ts'
export { isSealedWithCurrent, openRecord, sealRecord } from './seal-record.ts'
