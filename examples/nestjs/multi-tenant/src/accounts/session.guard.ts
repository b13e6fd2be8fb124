import { createParamDecorator, Inject, Injectable, SetMetadata, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { Request } from 'express'
import { Sessions } from './sessions.ts'
import type { User } from './tenants.ts'

export type AppRequest = Request & { user?: User | undefined }

const isPublic = 'isPublic'

/** Open to who is not signed in. */
export const Public = () => SetMetadata(isPublic, true)

/** Stands before every handler, also before the routes of ZohoRecruitModule: it puts who is signed in on the request. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AppRequest>()
    request.user = this.sessions.userOf(request.headers.cookie)
    if (request.user || this.reflector.getAllAndOverride<boolean | undefined>(isPublic, [context.getHandler(), context.getClass()])) return true
    throw new UnauthorizedException('Sign in first.')
  }
}

/** Who is signed in, in a handler that is not public. */
export const CurrentUser = createParamDecorator((_, context): User => {
  const { user } = context.switchToHttp().getRequest<AppRequest>()
  if (!user) throw new UnauthorizedException('Sign in first.')
  return user
})
