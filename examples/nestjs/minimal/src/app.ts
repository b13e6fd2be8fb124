import {
  Catch,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Module,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import {
  InjectZohoRecruit,
  isRecruitOAuthError,
  ZohoConnectionGuard,
  ZohoConnection,
  type Connection,
  type ZohoRecruit,
} from '@zrecruit/oauth-nestjs'
import type { Request, Response } from 'express'
import { page, type Candidate, type Shown } from './page.ts'
import { redirectUri, zoho } from './zoho.ts'

@Controller()
class AppController {
  private readonly ourCompany: Connection

  constructor(@InjectZohoRecruit() recruit: ZohoRecruit) {
    this.ourCompany = recruit.connection('our-company')
  }

  @Get()
  async home(@Query('refreshed') refreshed?: string): Promise<string> {
    return page({
      ...(await this.shown()),
      ...(refreshed !== undefined && { notice: 'Got a new access token just now.' }),
    })
  }

  @Post('refresh')
  async refresh(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (isFromElsewhere(request))
      throw new ForbiddenException('This request came from another site.')
    try {
      await this.ourCompany.refresh()
      response.redirect(303, '/?refreshed')
    } catch (error) {
      response.send(page({ ...(await this.shown()), problem: inWords(error) }))
    }
  }

  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  candidates(@ZohoConnection() connection: Connection): Promise<Candidate[]> {
    return candidates(connection)
  }

  /** All that the page shows. What Zoho can't give right now becomes a sentence on it. */
  private async shown(): Promise<Shown> {
    const status = await this.ourCompany.status()
    if (status.status !== 'active') return { status }
    try {
      return {
        status,
        organization: await organization(this.ourCompany),
        candidates: await candidates(this.ourCompany),
      }
    } catch (error) {
      return { status: await this.ourCompany.status(), problem: inWords(error) }
    }
  }
}

/** The library's errors never come here: its own filter has answered them. */
@Catch()
class SomethingWentWrong implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (!(error instanceof HttpException)) console.error(error)
    const [status, text] =
      error instanceof HttpException
        ? [error.getStatus(), error.message]
        : [500, 'Something went wrong.']
    host.switchToHttp().getResponse<Response>().status(status).type('text').send(text)
  }
}

@Module({
  imports: [zoho],
  controllers: [AppController],
  providers: [{ provide: APP_FILTER, useClass: SomethingWentWrong }],
})
export class AppModule {}

const organization = async (connection: Connection): Promise<string | undefined> => {
  const response = await connection.fetch('org')
  return response.ok
    ? ((await response.json()) as { org: [{ company_name: string }] }).org[0].company_name
    : undefined
}

const candidates = async (connection: Connection): Promise<Candidate[]> => {
  const response = await connection.fetch('Candidates?per_page=10')
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  return ((await response.json()) as { data: Candidate[] }).data
}

const inWords = (error: unknown): string => {
  if (!isRecruitOAuthError(error)) throw error
  // `retryAt` is in the store's time; SQLite's clock is this machine's.
  const minutes = error.retryAt === undefined ? 0 : Math.ceil((error.retryAt - Date.now()) / 60_000)
  return minutes > 0 ? `${error.message} That is in ${minutes} min.` : error.message
}

// Another site's form must not press our buttons: browsers tell where a POST comes from.
const isFromElsewhere = (request: Request): boolean => {
  const site = request.header('sec-fetch-site')
  const origin = new URL(redirectUri).origin
  return site === undefined
    ? (request.header('origin') ?? origin) !== origin
    : site !== 'same-origin'
}
