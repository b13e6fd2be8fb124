import type { Html } from '../pages/html.ts'

/**
 * The script of the page. Every second it requests the view and updates the page. It reuses the
 * nodes: by their key, or without a key by position and tag. So bars are animated, and the
 * selection, open details and the focus stay. Text is inserted as text; nothing is parsed as
 * markup.
 */
export const script: Html = {
  text: `
'use strict'
{
  const inspector = document.getElementById('inspector')
  const lost = document.querySelector('.lost')

  const update = (wanted, current, keyed) => {
    if (typeof wanted === 'string') {
      if (current?.nodeType !== Node.TEXT_NODE) return document.createTextNode(wanted)
      if (current.data !== wanted) current.data = wanted
      return current
    }
    const [tag, attributes, children] = wanted
    const key = attributes['data-key']
    const isUnkeyed = current instanceof Element && current.dataset.key === undefined
    const unkeyed = isUnkeyed && current.localName === tag ? current : undefined
    const node = (key === undefined ? unkeyed : keyed.get(key)) ?? document.createElement(tag)
    for (const { name } of [...node.attributes]) {
      if (!(name in attributes) && name !== 'open') node.removeAttribute(name)
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (node.getAttribute(name) !== value) node.setAttribute(name, value)
    }
    updateChildren(node, children)
    return node
  }

  const updateChildren = (parent, children) => {
    const keyed = new Map(
      [...parent.children]
        .filter((child) => child.dataset.key !== undefined)
        .map((child) => [child.dataset.key, child]),
    )
    const keys = new Set(children.map((wanted) => wanted[1]?.['data-key']))
    // Without this, the remaining nodes would be moved before the removed ones, and lose the focus.
    for (const [key, child] of keyed) if (!keys.has(key)) child.remove()
    let current = parent.firstChild
    const drop = () => {
      const next = current.nextSibling
      current.remove()
      current = next
    }
    for (const wanted of children) {
      const node = update(wanted, current, keyed)
      if (node.parentNode === parent) {
        while (current !== null && current !== node && current.dataset?.key === undefined) drop()
      }
      if (node === current) current = current.nextSibling
      else parent.insertBefore(node, current)
    }
    while (current !== null) drop()
  }

  const refresh = async () => {
    try {
      const response = await fetch('/_emulator/view', { cache: 'no-store' })
      if (!response.ok) throw new Error(response.statusText)
      updateChildren(inspector, (await response.json())[2])
      lost.hidden = true
    } catch {
      lost.hidden = false
    }
  }

  let submitNatively = false
  document.addEventListener('submit', async (event) => {
    if (submitNatively) return
    event.preventDefault()
    const form = event.target
    const body = new URLSearchParams(new FormData(form))
    const response = await fetch(form.getAttribute('action'), {
      method: 'POST',
      body,
      redirect: 'manual',
    }).catch(() => undefined)
    if (response === undefined || response.type === 'opaqueredirect') return refresh()
    // The emulator refused the action. The browser submits again, and shows the error page.
    submitNatively = true
    form.requestSubmit()
  })

  const refreshEverySecond = async () => {
    if (!document.hidden) await refresh()
    setTimeout(refreshEverySecond, 1000)
  }
  document.addEventListener('visibilitychange', () => document.hidden || refresh())
  setTimeout(refreshEverySecond, 1000)
}
`,
}
