import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.module.ts'
import { Settings } from './settings.ts'

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] })
// Refuses forms of other origins.
app.enableCsrfProtection()
app.enableShutdownHooks()

const { port, host, redirectUri, dataCenters } = app.get(Settings)
try {
  await app.listen(port, host)
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  console.error(
    code === 'EADDRINUSE'
      ? `Port ${port} is in use. Set PORT to another port, and register its redirect URI.`
      : message,
  )
  process.exit(1)
}
console.log(`Open ${new URL(redirectUri).origin}`)
console.log(
  process.env['ZOHO_DATA_CENTERS']
    ? `Using the data centers of ZOHO_DATA_CENTERS: ${Object.keys(dataCenters).join(', ')}.`
    : 'Using Zoho itself, because ZOHO_DATA_CENTERS is not set.',
)
