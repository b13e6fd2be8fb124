import { Body, Controller, ForbiddenException, Get, Inject, Post, Query, Res } from '@nestjs/common'
import type { Response } from 'express'
import { signInPage } from '../pages/sign-in.ts'
import { Public } from './session.guard.ts'
import { Sessions } from './sessions.ts'
import { Tenants } from './tenants.ts'

/** There are no passwords here: a click says who you are. Put your own login in its place. */
@Public()
@Controller()
export class SignInController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Tenants) private readonly tenants: Tenants,
  ) {}

  @Get('sign-in')
  page(@Query('returnTo') returnTo?: string): string {
    return signInPage(
      this.tenants.all().map((tenant) => ({ tenant, people: this.tenants.peopleOf(tenant) })),
      this.tenants.staff,
      pathOfOurs(returnTo),
    )
  }

  @Post('sign-in')
  signIn(
    @Body() form: Partial<Record<'user' | 'returnTo', string>>,
    @Res() response: Response,
  ): void {
    const user = this.tenants.user(form.user)
    if (!user) throw new ForbiddenException('Nobody here has that name.')
    response
      .append('set-cookie', this.sessions.begin(user))
      .redirect(303, pathOfOurs(form.returnTo))
  }

  @Post('sign-out')
  signOut(@Res() response: Response): void {
    response.append('set-cookie', this.sessions.end()).redirect(303, '/sign-in')
  }
}

/**
 * Nobody is sent to another site after signing in: `//evil.example` and `/\evil.example` are other
 * sites.
 */
const pathOfOurs = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/'
