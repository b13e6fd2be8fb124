import type { AbstractHttpAdapter } from '@nestjs/core'

export type Platform = 'express' | 'fastify'

/**
 * Loads Nest's adapter for the platform. Also returns the platform's own way to set a header on
 * every response.
 */
/** @param redirectUri Fastify needs a setting if it ends in a slash */
export const loadPlatform = async (
  platform: Platform,
  redirectUri = '',
): Promise<{
  adapter: AbstractHttpAdapter
  setOnEveryResponse(name: string, value: string): void
}> => {
  if (platform === 'express') {
    const { ExpressAdapter } = await import('@nestjs/platform-express')
    const adapter = new ExpressAdapter()
    return {
      adapter,
      setOnEveryResponse: (name, value) =>
        adapter.use(
          (
            _: unknown,
            response: { append(name: string, value: string): void },
            next: () => void,
          ) => {
            response.append(name, value)
            next()
          },
        ),
    }
  }
  const { FastifyAdapter } = await import('@nestjs/platform-fastify')
  const ignoreTrailingSlash = redirectUri.endsWith('/')
  const adapter = new FastifyAdapter({ routerOptions: { ignoreTrailingSlash } })
  return {
    adapter,
    setOnEveryResponse: (name, value) =>
      adapter
        .getInstance()
        .addHook('onRequest', async (_, reply) => void reply.header(name, value)),
  }
}
