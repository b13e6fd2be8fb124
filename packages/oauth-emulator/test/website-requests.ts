/**
 * Scripts by which a page makes a browser send a request without an action of the user. The page
 * defines the variables `address`, `text` and `body` and the function `appendAndWait`.
 */
export const ways: Record<string, string> = {
  'fetch without CORS':
    `await fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body ` +
    `}).catch(() => {})`,
  'fetch without CORS, GET': `await fetch(address, { mode: 'no-cors' }).catch(() => {})`,
  'fetch with CORS': `await fetch(address, { method: 'POST', body }).catch(() => {})`,
  'fetch with a preflight':
    `await fetch(address, { method: 'DELETE', headers: { 'content-type': 'application/json' } ` +
    `}).catch(() => {})`,
  XMLHttpRequest:
    `await new Promise((done) => { const request = new XMLHttpRequest(); request.open('POST', ` +
    `address); request.onloadend = done; request.send(body) })`,
  sendBeacon: `navigator.sendBeacon(address, body)`,
  image: `await appendAndWait('img', { src: address })`,
  script: `await appendAndWait('script', { src: address })`,
  stylesheet: `await appendAndWait('link', { rel: 'stylesheet', href: address })`,
  prefetch: `await appendAndWait('link', { rel: 'prefetch', href: address })`,
  iframe: `await appendAndWait('iframe', { src: address })`,
  'sandboxed iframe with a form':
    `await appendAndWait('iframe', { sandbox: 'allow-scripts allow-forms', srcdoc: '<form ` +
    `method="post" enctype="text/plain" action="' + address + '"><input name=\\'{"a\\' ` +
    `value=\\'":1}\\'></form><script>document.forms[0].submit()</scr' + 'ipt>' })`,
  object: `await appendAndWait('object', { data: address })`,
  video: `await appendAndWait('video', { src: address })`,
  EventSource:
    `await new Promise((done) => { const source = new EventSource(address); source.onerror = ` +
    `() => { source.close(); done() } })`,
  WebSocket:
    `await new Promise((done) => { new WebSocket(address.replace('http', 'ws')).onclose = done ` +
    `})`,
  'form that targets a frame': `{
    const target = Object.assign(document.createElement('iframe'), { name: 'frame-' + address })
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action: address, target: target.name })
    for (const [name, value] of new URLSearchParams(text)) {
      form.append(Object.assign(document.createElement('input'), { name, value }))
    }
    document.body.append(target, form)
    form.submit()
  }`,
  ping: `{
    const link = Object.assign(document.createElement('a'), { href: '#here', ping: address })
    document.body.append(link)
    link.click()
  }`,
}

/** `appendAndWait` waits until the element has loaded or failed, but at most one second. */
export const helpers = `
  const appendAndWait = (tag, attributes) => new Promise((done) => {
    const element = Object.assign(document.createElement(tag), { onload: done, onerror: done })
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    document.body.append(element)
    setTimeout(done, 1000)
  })
`
