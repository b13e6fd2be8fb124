import { expect, it } from 'vitest'
import { html } from '../src/html.ts'

it('escapes strings, in text and in quoted attributes', () => {
  const name = `<img src=x onerror="alert('1')"> & more`
  const escaped = '&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62; &#38; more'
  expect(html`<p title="${name}">${name}</p>`.html).toBe(`<p title="${escaped}">${escaped}</p>`)
})

it('inserts markup as it is, alone and in lists', () => {
  const cells = ['a', '<b>'].map((text) => html`<td>${text}</td>`)
  expect(html`${cells}${html`<td></td>`}`.html).toBe('<td>a</td><td>&#60;b&#62;</td><td></td>')
})

it('inserts numbers, and nothing for undefined', () => {
  expect(html`<i>${0}</i><b>${undefined}</b>`.html).toBe('<i>0</i><b></b>')
})
