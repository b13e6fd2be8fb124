import type { AbstractHttpAdapter } from '@nestjs/core'

export type Platform = 'express' | 'fastify'

/** Nest's adapter for the platform, and the platform's own way to set a header on every answer. */
export const platformOf = async (
  platform: Platform,
): Promise<{
  adapter: AbstractHttpAdapter
  setOnEveryAnswer(name: string, value: string): void
}> => {
  if (platform === 'express') {
    const { ExpressAdapter } = await import('@nestjs/platform-express')
    const adapter = new ExpressAdapter()
    return {
      adapter,
      setOnEveryAnswer: (name, value) =>
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
  const adapter = new FastifyAdapter()
  return {
    adapter,
    setOnEveryAnswer: (name, value) =>
      adapter
        .getInstance()
        .addHook('onRequest', async (_, reply) => void reply.header(name, value)),
  }
}
