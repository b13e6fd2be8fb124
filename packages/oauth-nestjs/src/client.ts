import {
  createRecruitOAuth,
  RecruitOAuthError,
  type ConnectionAdmin,
  type RecruitOAuth,
} from '@zrecruit/oauth-core'
import type {
  ZohoRecruitModuleExtras,
  ZohoRecruitModuleOptions,
  ZohoRecruitRequest,
} from './options.ts'
import type { RequestFinder } from './request-finder.ts'

/** Zoho Recruit OAuth outside of a request: for services and jobs. */
export interface ZohoRecruit extends Pick<
  RecruitOAuth<ZohoRecruitRequest>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
> {}

export type Client = RecruitOAuth<ZohoRecruitRequest> & {
  /** Work that continues after a response was sent. */
  readonly pending: ReadonlySet<Promise<unknown>>
  /** The path in front of the routes, as Nest's router sees it: `mountPath`. */
  readonly basePath: string
  /** What is in front of `basePath` in the path of `redirectUri`. */
  readonly strippedPrefix: string
  readonly requestFinder: RequestFinder | undefined
}

export const createClient = (
  options: ZohoRecruitModuleOptions,
  requestFinder: RequestFinder | undefined,
): Client => {
  refuseExtras(options)
  const pending = new Set<Promise<unknown>>()
  const waitUntil = (work: Promise<unknown>) => {
    pending.add(work)
    void work.then(() => pending.delete(work)) // Core passes promises that never reject.
  }
  const oauth = createRecruitOAuth<ZohoRecruitRequest>(
    // `createRecruitOAuth` reports missing options.
    options && { ...options, waitUntil: options.waitUntil ?? waitUntil },
  )
  const { redirectUri, mountPath } = options
  const publicPath = new URL(redirectUri).pathname.slice(0, -oauth.paths.callback.length)
  const basePath = (mountPath ?? publicPath).replace(/\/$/, '')
  const strippedPrefix = publicPath.slice(0, publicPath.length - basePath.length)
  return { ...oauth, pending, basePath, strippedPrefix, requestFinder }
}

const extras = {
  isGlobal: true,
  path: true,
  name: true,
  decorators: true,
  requestOf: true,
} satisfies Record<keyof ZohoRecruitModuleExtras, true>

/** Nest removes the extras from the options, unless the app's factory returns them. */
const refuseExtras = (options: object | undefined): void => {
  const extra = Object.keys(options ?? {}).find((name) => Object.hasOwn(extras, name))
  if (extra === undefined) return
  throw new RecruitOAuthError('configuration-invalid', {
    summary: `The option \`${extra}\` is in the result of the factory.`,
    hint: 'Pass it to forRootAsync, beside `useFactory`: Nest needs it before the factory runs.',
  })
}
