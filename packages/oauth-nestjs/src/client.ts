import { Inject } from '@nestjs/common'
import { createRecruitOAuth, type ConnectionAdmin, type RecruitOAuth } from '@zrecruit/oauth-core'
import type { ZohoRecruitModuleOptions, ZohoRecruitRequest } from './options.ts'

/** Zoho Recruit OAuth outside of a request: for services and jobs. */
export interface ZohoRecruit extends Pick<
  RecruitOAuth<ZohoRecruitRequest>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
> {}

/**
 * What the client is provided by, for `inject` and `overrideProvider`. A word, so that Nest's own
 * errors name it.
 */
export const getZohoRecruitToken = (name?: string): string =>
  name === undefined ? 'ZohoRecruit' : `ZohoRecruit(${name})`

/** `constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}` */
export const InjectZohoRecruit = (name?: string): ParameterDecorator & PropertyDecorator =>
  Inject(getZohoRecruitToken(name))

export type Client = RecruitOAuth<ZohoRecruitRequest> & {
  readonly pending: ReadonlySet<Promise<unknown>>
} // Begun behind answers, and not over yet.

export const createClient = (options: ZohoRecruitModuleOptions): Client => {
  const pending = new Set<Promise<unknown>>()
  const waitUntil = (work: Promise<unknown>) => {
    pending.add(work)
    void work.then(() => pending.delete(work)) // It does not fail: core has seen to that.
  }
  return {
    ...createRecruitOAuth<ZohoRecruitRequest>(
      options && { ...options, waitUntil: options.waitUntil ?? waitUntil },
    ),
    pending,
  }
}
