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

/** Open to who is not signed in. */
export const Public = () => SetMetadata(audience, 'public')
/** For the product’s own staff alone. */
export const StaffOnly = () => SetMetadata(audience, 'staff')
/** For all who are signed in. What says nothing is for the people of tenants. */
export const SignedIn = () => SetMetadata(audience, 'signed in')

/**
 * Stands before every handler, also before the routes of ZohoRecruitModule: it puts who is signed
 * in on the request.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AppRequest>()
    const user = (request.user = this.sessions.userOf(request.headers.cookie))
    const whom = this.reflector.getAllAndOverride<string | undefined>(audience, [
      context.getHandler(),
      context.getClass(),
    ])
    if (whom === 'public') return true
    if (!user) throw new UnauthorizedException('Sign in first.')
    if (whom === 'staff' && user.office)
      throw new ForbiddenException('This page is for the staff of Shortlist.')
    if (whom === undefined && !user.office)
      throw new ForbiddenException('This page is for the people of tenants.')
    return true
  }
}

const userOf = (context: ExecutionContext): User => {
  const { user } = context.switchToHttp().getRequest<AppRequest>()
  if (!user) throw new UnauthorizedException('Sign in first.')
  return user
}

/** Who is signed in, in a handler that is not public. */
export const CurrentUser = createParamDecorator((_, context) => userOf(context))

/** Who is signed in for a tenant. */
export const CurrentMember = createParamDecorator((_, context): Member => {
  const user = userOf(context)
  if (!user.office) throw new ForbiddenException('This page is for the people of tenants.')
  return user
})
