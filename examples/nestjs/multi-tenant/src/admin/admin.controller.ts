import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Post,
  Query,
} from '@nestjs/common'
import {
  InjectZohoRecruit,
  isRecruitOAuthError,
  type BatchResult,
  type ZohoRecruit,
} from '@zrecruit/oauth-nestjs'
import { CurrentUser, StaffOnly } from '../accounts/session.guard.ts'
import { Tenants, type User } from '../accounts/tenants.ts'
import type { Outcome } from '../pages/admin/outcome.ts'
import { adminPage } from '../pages/admin/page.ts'

/** A field of a query or a form: text, or a list if its name was sent twice. */
type Fields<Name extends string> = Readonly<Partial<Record<Name, unknown>>>
type AdminQuery = Fields<'tenant' | 'pending' | 'after'>
type AdminForm = Fields<'disconnect' | 'forget' | 'recover' | 'reencrypt'>

const perPage = 25

/**
 * All connections, for the product’s own staff. A button posts to the address of its page, and the
 * response is that page again.
 */
@StaffOnly()
@Controller('admin')
export class AdminController {
  constructor(
    @InjectZohoRecruit() private readonly zoho: ZohoRecruit,
    @Inject(Tenants) private readonly tenants: Tenants,
  ) {}

  @Get()
  list(@CurrentUser() user: User, @Query() query: AdminQuery): Promise<string> {
    return this.page(user, query)
  }

  @Post()
  @HttpCode(200)
  async submit(
    @CurrentUser() user: User,
    @Query() query: AdminQuery,
    @Body() form: AdminForm = {},
  ): Promise<string> {
    return this.page(user, query, await this.outcomeOf(form))
  }

  private async page(user: User, query: AdminQuery, outcome?: Outcome): Promise<string> {
    const filter = {
      tenant: text(query.tenant),
      pending: query.pending !== undefined,
      after: text(query.after),
    }
    const { connections, next } = await this.zoho.connections({
      ...(filter.tenant !== undefined && { principal: filter.tenant }),
      pending: filter.pending,
      after: filter.after,
      limit: perPage,
    })
    return adminPage(user, { filter, connections, next, tenants: this.tenants.all(), outcome })
  }

  private async outcomeOf(form: AdminForm): Promise<Outcome> {
    const tenant = text(form.disconnect)
    const id = text(form.forget)
    if (tenant !== undefined)
      return { action: 'disconnect', ...(await this.zoho.revokeAll(tenant)) }
    if (id !== undefined) return { action: 'forget', ...(await this.forget(id)) }
    if (form.recover !== undefined) return { action: 'recover', ...(await this.zoho.recover()) }
    if (form.reencrypt !== undefined)
      return { action: 'reencrypt', ...(await this.zoho.reencryptAll()) }
    throw new BadRequestException('There is no such button.')
  }

  /**
   * Forgets only records that cannot be read. Readable ones are disconnected instead, so that no
   * refresh token stays valid at Zoho.
   */
  private async forget(id: string): Promise<BatchResult> {
    const connection = this.zoho.connection(id)
    try {
      await connection.status()
    } catch (error) {
      if (
        !isRecruitOAuthError(error) ||
        (error.code !== 'record-unreadable' && error.code !== 'key-unknown')
      )
        throw error
      await connection.forget()
      return { done: 1, failed: [], next: undefined }
    }
    throw new BadRequestException('This connection can be read: disconnect its tenant instead.')
  }
}

const text = (field: unknown): string | undefined =>
  typeof field === 'string' && field !== '' ? field : undefined
