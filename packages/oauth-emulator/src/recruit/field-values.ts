import { isObject } from './call.ts'

/** The value of an own field. A field named like a member of every object is not a field. */
export function fieldValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/**
 * The text by which a field is compared. A lookup field is compared by its name, and a list by its
 * items. Another object has no text.
 */
export function fieldText(value: unknown): string {
  if (Array.isArray(value)) return value.map(fieldText).join(',')
  if (isObject(value)) return typeof value['name'] === 'string' ? value['name'].toLowerCase() : ''
  const isPlain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isPlain ? `${value}`.toLowerCase() : ''
}
