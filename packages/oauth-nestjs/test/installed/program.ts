import { equal, match } from 'node:assert/strict'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { AppModule } from './readme.js'

const main = async (): Promise<void> => {
  const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: ['error'] })
  // The session that the README leaves to the app.
  let user: { id: string; company: string } | undefined = { id: 'alice', company: 'acme' }
  app.use((request: { user?: unknown }, _response: unknown, next: () => void) => {
    request.user = user
    next()
  })
  await app.listen(0, '127.0.0.1')
  const origin = await app.getUrl()
  const get = (path: string) =>
    fetch(`${origin}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } })

  const response = await get('/zoho/connect')
  equal(response.status, 303)
  match(
    response.headers.get('location') ?? '',
    /^https:\/\/accounts\.zoho\.com\/oauth\/v2\/auth\?.*code_challenge_method=S256/,
  )
  match(response.headers.get('set-cookie') ?? '', /^__Host-/)
  const page = await get('/candidates')
  equal(page.status, 303)
  match(page.headers.get('location') ?? '', /\/zoho\/connect\?returnTo=%2Fcandidates$/)
  user = undefined
  equal((await get('/zoho/connect')).status, 401)

  await app.close()
  console.log('it works')
}
void main()
