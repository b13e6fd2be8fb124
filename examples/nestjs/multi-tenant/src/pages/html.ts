/** HTML that was written here. All else that comes into a page is text, and escaped. */
export interface Html {
  readonly html: string
}

export const html = (parts: TemplateStringsArray, ...values: readonly (Html | readonly Html[] | string | number | undefined)[]): Html => ({
  html: parts.map((part, index) => part + markup(values[index])).join(''),
})

const markup = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(markup).join('')
  if (typeof value === 'object' && value !== null) return (value as Html).html
  return String(value ?? '').replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
