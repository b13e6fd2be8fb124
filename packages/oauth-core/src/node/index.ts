export { toRequest, type ToRequestOptions } from './to-request.ts'
export { writeResponse } from './write-response.ts'
