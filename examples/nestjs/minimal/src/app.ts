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
  candidatesPage,
  type Candidate,
  type CandidatesPageContent,
} from '@zrecruit-examples/shared-ui/candidates-page'
import {
  InjectZohoRecruit,
  isRecruitOAuthError,
  ZohoConnectionGuard,
  ZohoConnection,
  type Connection,
  type ZohoRecruit,
} from '@zrecruit/oauth-nestjs'
import type { Request, Response } from 'express'
import { redirectUri, zoho } from './zoho.ts'

@Controller()
class AppController {
  private readonly ourCompany: Connection

  constructor(@InjectZohoRecruit() recruit: ZohoRecruit) {
    this.ourCompany = recruit.connection('our-company')
  }

  @Get()
  async home(@Query('refreshed') refreshed?: string): Promise<string> {
    return candidatesPage({
      ...(await this.loadPageContent()),
      ...(refreshed !== undefined && { notice: 'Got a new access token just now.' }),
    })
  }

  @Post('refresh')
  async refresh(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (isCrossOrigin(request)) throw new ForbiddenException('This request came from another site.')
    try {
      await this.ourCompany.refresh()
      response.redirect(303, '/?refreshed')
    } catch (error) {
      response.send(
        candidatesPage({ ...(await this.loadPageContent()), problem: describeError(error) }),
      )
    }
  }

  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  candidates(@ZohoConnection() connection: Connection): Promise<Candidate[]> {
    return fetchCandidates(connection)
  }

  /** When Zoho can't be reached, the page has a sentence about the error instead of candidates. */
  private async loadPageContent(): Promise<CandidatesPageContent> {
    const status = await this.ourCompany.status()
    if (status.status !== 'active') return { status }
    try {
      return {
        status,
        candidates: await fetchCandidates(this.ourCompany),
      }
    } catch (error) {
      return { status: await this.ourCompany.status(), problem: describeError(error) }
    }
  }
}

/** Answers all errors except those of the library, which has its own filter. */
@Catch()
class AppErrorFilter implements ExceptionFilter {
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
  providers: [{ provide: APP_FILTER, useClass: AppErrorFilter }],
})
export class AppModule {}

const fetchCandidates = async (connection: Connection): Promise<Candidate[]> => {
  const response = await connection.fetch('Candidates?per_page=10')
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  return ((await response.json()) as { data: Candidate[] }).data
}

const describeError = (error: unknown): string => {
  if (!isRecruitOAuthError(error)) throw error
  // `retryAt` is an instant of the store's clock. SQLite uses the clock of this machine.
  const minutes = error.retryAt === undefined ? 0 : Math.ceil((error.retryAt - Date.now()) / 60_000)
  return minutes > 0 ? `${error.message} That is in ${minutes} min.` : error.message
}

/**
 * Whether a form of another origin sent the request. Browsers report the sender's site in
 * `Sec-Fetch-Site`; older browsers send only `Origin`.
 */
const isCrossOrigin = (request: Request): boolean => {
  const site = request.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin'
  const ownOrigin = new URL(redirectUri).origin
  return (request.header('origin') ?? ownOrigin) !== ownOrigin
}
