import { expect, it } from 'vitest'
import { faultyStore } from '../client/faulty-store.ts'
import { startSetup } from '../client/setup.ts'

it('F11: a store that fails at the callback uses no code; the page links to /connect', async () => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  const zoho = setup.client()
  const { url, cookie } = await zoho.startAuthorization({ id: 'acme', principal: 'ann' })
  const query = new URLSearchParams({
    state: new URL(url).searchParams.get('state') ?? '',
    code: '1000.code',
  })
  store.faults.write = 'down'
  const visit = (accept: string) =>
    zoho.handle(
      new Request(`https://app.example.com/zoho/callback?${query}`, {
        headers: { accept, cookie: `${cookie.name}=${cookie.value}` },
      }),
    )
  const page = await visit('text/html')
  expect([page?.status, page?.headers.get('set-cookie')]).toEqual([
    503,
    expect.stringContaining('Max-Age=0'),
  ])
  expect(await page?.text()).toContain(
    '<a class="main" href="/zoho/connect?returnTo=%2F&#38;dataCenter=eu">Start again</a>',
  )
  expect(await (await visit('application/json'))?.json()).toMatchObject({
    code: 'store-unavailable',
    remedy: 'ask-consent',
    connect: 'https://app.example.com/zoho/connect',
  })
  expect(setup.tokenCalls()).toEqual([])
})
