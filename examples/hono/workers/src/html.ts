/** HTML that was written here. All else that comes into a page is text, and escaped. */
export interface Html {
  readonly html: string
}

type Part = Html | readonly Html[] | string | number | undefined

export const html = (parts: TemplateStringsArray, ...values: readonly Part[]): Html => ({
  html: parts.map((part, index) => part + markup(values[index])).join(''),
})

const markup = (value: Part): string => {
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(markup).join('')
  return String(value ?? '').replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
