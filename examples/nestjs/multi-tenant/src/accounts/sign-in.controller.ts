import { Body, Controller, ForbiddenException, Get, Inject, Post, Query, Res } from '@nestjs/common'
import type { Response } from 'express'
import { signInPage } from '../pages/sign-in.ts'
import { Public } from './session.guard.ts'
import { Sessions } from './sessions.ts'
import { Tenants } from './tenants.ts'

/** Signs in without a password. Replace this controller by your own login. */
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
      localPath(returnTo),
    )
  }

  @Post('sign-in')
  signIn(
    @Body() form: Partial<Record<'user' | 'returnTo', string>>,
    @Res() response: Response,
  ): void {
    const user = this.tenants.user(form.user)
    if (!user) throw new ForbiddenException('There is no such user.')
    response.append('set-cookie', this.sessions.begin(user)).redirect(303, localPath(form.returnTo))
  }

  @Post('sign-out')
  signOut(@Res() response: Response): void {
    response.append('set-cookie', this.sessions.end()).redirect(303, '/sign-in')
  }
}

/**
 * Prevents redirects to another site after sign-in. Browsers read `//evil.example` and
 * `/\evil.example` as addresses of other sites.
 */
const localPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/'
