import type { Html } from '../pages/html.ts'

/**
 * The page's script. Every second it asks for the view and fits the page to it: nodes that stand
 * for the same thing are kept, so that bars move, and what a person chose, opened or focused stays.
 * Text goes in as text; nothing is read as markup.
 */
export const script: Html = {
  text: `
'use strict'
{
  const inspector = document.getElementById('inspector')
  const lost = document.querySelector('.lost')

  const fit = (wanted, here, keyed) => {
    if (typeof wanted === 'string') {
      if (here?.nodeType !== Node.TEXT_NODE) return document.createTextNode(wanted)
      if (here.data !== wanted) here.data = wanted
      return here
    }
    const [tag, attributes, children] = wanted
    const key = attributes['data-key']
    const fits =
      here instanceof Element && here.localName === tag && here.dataset.key === undefined
    const same = fits ? here : undefined
    const node = (key === undefined ? same : keyed.get(key)) ?? document.createElement(tag)
    for (const { name } of [...node.attributes]) {
      if (!(name in attributes) && name !== 'open') node.removeAttribute(name)
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (node.getAttribute(name) !== value) node.setAttribute(name, value)
    }
    fill(node, children)
    return node
  }

  // What goes is removed first: a node that stays is not moved then, and keeps the focus.
  const fill = (parent, children) => {
    const keyed = new Map(
      [...parent.children]
        .filter((child) => child.dataset.key !== undefined)
        .map((child) => [child.dataset.key, child]),
    )
    const keys = new Set(children.map((wanted) => wanted[1]?.['data-key']))
    for (const [key, child] of keyed) if (!keys.has(key)) child.remove()
    let here = parent.firstChild
    const drop = () => {
      const next = here.nextSibling
      here.remove()
      here = next
    }
    for (const wanted of children) {
      const node = fit(wanted, here, keyed)
      if (node.parentNode === parent) {
        while (here !== null && here !== node && here.dataset?.key === undefined) drop()
      }
      if (node === here) here = here.nextSibling
      else parent.insertBefore(node, here)
    }
    while (here !== null) drop()
  }

  const look = async () => {
    try {
      const answer = await fetch('/_emulator/view', { cache: 'no-store' })
      if (!answer.ok) throw new Error(answer.statusText)
      fill(inspector, (await answer.json())[2])
      lost.hidden = true
    } catch {
      lost.hidden = false
    }
  }

  let asIs = false
  document.addEventListener('submit', async (event) => {
    if (asIs) return
    event.preventDefault()
    const form = event.target
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(form.getAttribute('action'), {
      method: 'POST',
      body,
      redirect: 'manual',
    }).catch(() => undefined)
    if (answer === undefined || answer.type === 'opaqueredirect') return look()
    asIs = true
    form.requestSubmit()
  })

  const lookAgain = async () => {
    if (!document.hidden) await look()
    setTimeout(lookAgain, 1000)
  }
  document.addEventListener('visibilitychange', () => document.hidden || look())
  setTimeout(lookAgain, 1000)
}
`,
}
