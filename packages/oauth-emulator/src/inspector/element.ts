import { type Html, html } from '../pages/html.ts'

/**
 * A node of the inspector: text, or an element with its attributes and children. The server renders
 * it as HTML and escapes every value. The script of the page receives it as JSON and creates DOM
 * nodes. So the page is described once, without markup.
 */
export type InspectorNode = string | InspectorElement

export type InspectorElement = readonly [
  tag: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly InspectorNode[],
]

type Child = InspectorNode | number | undefined | false | readonly Child[]

/** Creates an element. Drops children that are `undefined` or `false`, and flattens lists. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Child[]
): InspectorElement {
  const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)] as const)
  return [tag, Object.fromEntries(texts), children.flatMap(toNodes)]
}

function toNodes(child: Child): InspectorNode[] {
  if (child === undefined || child === false) return []
  if (typeof child === 'string' || typeof child === 'number') return [String(child)]
  return isElement(child) ? [child] : child.flatMap(toNodes)
}

/** Only an element has an attributes object as its second item; a list of children never has. */
function isElement(value: InspectorElement | readonly Child[]): value is InspectorElement {
  const attributes = value[1]
  return (
    value.length === 3 &&
    typeof value[0] === 'string' &&
    typeof attributes === 'object' &&
    !Array.isArray(attributes)
  )
}

const voidElements = new Set(['input', 'br'])

export function toHtml(node: InspectorNode): Html {
  if (typeof node === 'string') return html`${node}`
  const [tag, attributes, children] = node
  const written = Object.entries(attributes).map(([name, value]) => html` ${name}="${value}"`)
  // Prettier would add an end tag to this start tag.
  // prettier-ignore
  const start = html`<${tag}${written}>`
  return voidElements.has(tag) ? start : html`${start}${children.map(toHtml)}</${tag}>`
}
