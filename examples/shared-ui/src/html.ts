/** Markup that needs no escaping. Only `html` creates it. */
export interface Html {
  readonly html: string
}

type Value = Html | readonly Html[] | string | number | undefined

/**
 * A template for HTML. It escapes each string and number that is inserted; `undefined` inserts
 * nothing. Attribute values must be quoted in the template.
 */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: strings.map((string, index) => string + toMarkup(values[index])).join(''),
})

const toMarkup = (value: Value): string => {
  if (value === undefined) return ''
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(toMarkup).join('')
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
