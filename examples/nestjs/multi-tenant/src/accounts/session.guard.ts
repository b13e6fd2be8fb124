import {
  createParamDecorator,
  ForbiddenException,
  Inject,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { Request } from 'express'
import { Sessions } from './sessions.ts'
import type { Member, User } from './tenants.ts'

export type AppRequest = Request & { user?: User | undefined }

const audience = 'audience'

/** A handler that needs no session. */
export const Public = () => SetMetadata(audience, 'public')
/** A handler for the product’s own staff only. */
export const StaffOnly = () => SetMetadata(audience, 'staff')
/** A handler for all signed-in users. A handler without any decorator is for members of tenants. */
export const SignedIn = () => SetMetadata(audience, 'signed in')

/**
 * Puts the signed-in user on the request. It runs before every handler, including the routes of
 * ZohoRecruitModule.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AppRequest>()
    const user = this.sessions.userOf(request.headers.cookie)
    request.user = user
    const allowedAudience = this.reflector.getAllAndOverride<string | undefined>(audience, [
      context.getHandler(),
      context.getClass(),
    ])
    if (allowedAudience === 'public') return true
    if (!user) throw new UnauthorizedException('Sign in first.')
    if (allowedAudience === 'staff' && user.office)
      throw new ForbiddenException('This page is for the staff of Shortlist.')
    if (allowedAudience === undefined && !user.office)
      throw new ForbiddenException('This page is for users of tenants.')
    return true
  }
}

const userOf = (context: ExecutionContext): User => {
  const { user } = context.switchToHttp().getRequest<AppRequest>()
  if (!user) throw new UnauthorizedException('Sign in first.')
  return user
}

/** The signed-in user, in a handler that is not public. */
export const CurrentUser = createParamDecorator((_, context) => userOf(context))

/** The signed-in member of a tenant. */
export const CurrentMember = createParamDecorator((_, context): Member => {
  const user = userOf(context)
  if (!user.office) throw new ForbiddenException('This page is for users of tenants.')
  return user
})
