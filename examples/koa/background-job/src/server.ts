import { app } from './app.ts'
import { listenOn, redirectUri } from './zoho.ts'

const server = app.listen(listenOn.port, listenOn.hostname, () => {
  console.log(`Open ${new URL(redirectUri).origin}`)
  console.log(
    process.env['ZOHO_DATA_CENTERS']
      ? 'Using the data centers of ZOHO_DATA_CENTERS.'
      : 'Using Zoho itself, because ZOHO_DATA_CENTERS is not set.',
  )
})
server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE'
      ? `Port ${listenOn.port} is in use. Set PORT to another port, and register its redirect URI.`
      : error.message,
  )
  process.exit(1)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => server.close(() => process.exit(0)))
