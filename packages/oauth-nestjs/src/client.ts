import { createRecruitOAuth, type ConnectionAdmin, type RecruitOAuth } from '@zrecruit/oauth-core'
import type { ZohoRecruitModuleOptions, ZohoRecruitRequest } from './options.ts'

/** Zoho Recruit OAuth outside of a request: for services and jobs. */
export interface ZohoRecruit extends Pick<
  RecruitOAuth<ZohoRecruitRequest>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
> {}

export type Client = RecruitOAuth<ZohoRecruitRequest> & {
  /** Work that continues after a response was sent. */
  readonly pending: ReadonlySet<Promise<unknown>>
}

export const createClient = (options: ZohoRecruitModuleOptions): Client => {
  const pending = new Set<Promise<unknown>>()
  const waitUntil = (work: Promise<unknown>) => {
    pending.add(work)
    void work.then(() => pending.delete(work)) // Core passes promises that never reject.
  }
  return {
    ...createRecruitOAuth<ZohoRecruitRequest>(
      // `createRecruitOAuth` reports missing options.
      options && { ...options, waitUntil: options.waitUntil ?? waitUntil },
    ),
    pending,
  }
}
