import { Injectable } from '@nestjs/common'
import {
  isRecruitOAuthError,
  type ConnectionAdmin,
  type ConnectionsPage,
} from '@zrecruit/oauth-core'
import { InjectZohoRecruit } from './zoho-connection.decorator.ts'

/** The result of the indicator, as `@nestjs/terminus` reads it. */
export type ZohoRecruitHealth<Key extends string = string> = Readonly<
  Record<
    Key,
    | {
        readonly status: 'up'
        /** Connections with unfinished work for `recover()`. */
        readonly pending: number
        /** There are more of them than `pending`. */
        readonly hasMore: boolean
      }
    | {
        readonly status: 'down'
        /** The code of the error, for example `store-unavailable`. */
        readonly code: string
      }
  >
>

/** How many pending connections are read at most, because each one costs a read of the store. */
const maxPending = 20

/**
 * A health indicator for `@nestjs/terminus`: the store answers, and how many connections have
 * unfinished work. It never calls Zoho, so an outage of Zoho does not restart the app.
 */
export class ZohoRecruitHealthIndicator {
  private readonly zoho: Pick<ConnectionAdmin, 'connections'>

  constructor(zoho: Pick<ConnectionAdmin, 'connections'>) {
    this.zoho = zoho
  }

  /** @param key The name of the result in terminus's response. */
  async check<Key extends string = 'zoho-recruit'>(
    key = 'zoho-recruit' as Key,
  ): Promise<ZohoRecruitHealth<Key>> {
    const result = (value: ZohoRecruitHealth[string]) =>
      ({ [key]: value }) as unknown as ZohoRecruitHealth<Key>
    try {
      const page = await this.zoho.connections({ pending: true, limit: maxPending })
      return isStoreDown(page)
        ? result({ status: 'down', code: 'store-unavailable' })
        : result({
            status: 'up',
            pending: page.connections.length,
            hasMore: page.next !== undefined,
          })
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      return result({ status: 'down', code: error.code })
    }
  }
}

// Decorators, applied as functions.
Injectable()(ZohoRecruitHealthIndicator)
InjectZohoRecruit()(ZohoRecruitHealthIndicator, undefined, 0)

/** The store has answered the listing, but not the reads of its rows. */
const isStoreDown = ({ connections }: ConnectionsPage): boolean =>
  connections.some(({ unreadable }) => unreadable === 'store-unavailable')
