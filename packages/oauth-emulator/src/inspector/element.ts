import { type Html, html } from '../pages/html.ts'

/**
 * A piece of the inspector: text, or an element with its attributes and children. The server writes
 * it as HTML, every value escaped; the page's script gets it as JSON and makes nodes of it. So
 * there is one description of the page, and no markup in it.
 */
export type Piece = string | Element

export type Element = readonly [
  tag: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly Piece[],
]

type Given = Piece | number | undefined | false | readonly Given[]

/** An element; children that are `undefined` or `false` are left out, lists are taken apart. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Given[]
): Element {
  const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)] as const)
  return [tag, Object.fromEntries(texts), children.flatMap(pieces)]
}

function pieces(given: Given): Piece[] {
  if (given === undefined || given === false) return []
  if (typeof given === 'string' || typeof given === 'number') return [String(given)]
  return isElement(given) ? [given] : given.flatMap(pieces)
}

/** A list of pieces never has plain attributes in its second place. */
function isElement(given: Element | readonly Given[]): given is Element {
  const attributes = given[1]
  return (
    given.length === 3 &&
    typeof given[0] === 'string' &&
    typeof attributes === 'object' &&
    !Array.isArray(attributes)
  )
}

const withoutEnd = new Set(['input', 'br'])

export function toHtml(piece: Piece): Html {
  if (typeof piece === 'string') return html`${piece}`
  const [tag, attributes, children] = piece
  const written = Object.entries(attributes).map(([name, value]) => html` ${name}="${value}"`)
  // Prettier would add an end tag to this start tag.
  // prettier-ignore
  const start = html`<${tag}${written}>`
  return withoutEnd.has(tag) ? start : html`${start}${children.map(toHtml)}</${tag}>`
}
