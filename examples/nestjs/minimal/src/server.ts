import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.ts'
import { listenOn, redirectUri } from './zoho.ts'

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] })
app.enableShutdownHooks()
try {
  await app.listen(listenOn.port, listenOn.hostname)
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  console.error(
    code === 'EADDRINUSE'
      ? `Port ${listenOn.port} is in use. Set PORT to another port, and register its redirect URI.`
      : message,
  )
  process.exit(1)
}
console.log(`Open ${new URL(redirectUri).origin}`)
console.log(
  process.env['ZOHO_DATA_CENTERS']
    ? 'Using the data centers of ZOHO_DATA_CENTERS.'
    : 'Using Zoho itself, because ZOHO_DATA_CENTERS is not set.',
)
