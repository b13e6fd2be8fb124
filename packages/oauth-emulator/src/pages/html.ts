/** Safe HTML. Only `html` creates it, so all other text is escaped. */
export interface Html {
  readonly text: string
}

type Value = string | number | Html | readonly Html[] | undefined

/** HTML from a template. Every value is escaped unless it is `Html`. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  const parts = strings.map((fixed, index) => fixed + render(values[index]))
  return { text: parts.join('') }
}

function render(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return 'text' in value ? value.text : value.map((part) => part.text).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
