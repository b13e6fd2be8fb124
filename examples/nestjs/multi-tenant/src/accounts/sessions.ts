import { Inject, Injectable } from '@nestjs/common'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Settings } from '../settings.ts'
import { Tenants, type User } from './tenants.ts'

const lifetimeSeconds = 8 * 60 * 60

/** The session is a cookie that this app signs: `user.expires.signature`. */
@Injectable()
export class Sessions {
  private readonly name: string

  constructor(
    @Inject(Settings) private readonly settings: Settings,
    @Inject(Tenants) private readonly tenants: Tenants,
  ) {
    this.name = this.isHttps ? '__Host-session' : 'session'
  }

  /** A `Set-Cookie` line. SameSite=Lax, so that Zoho's redirect back to the app includes it. */
  begin(user: User): string {
    const value = `${user.id}.${Math.floor(Date.now() / 1000) + lifetimeSeconds}`
    return this.line(`${value}.${this.signatureOf(value)}`, lifetimeSeconds)
  }

  end(): string {
    return this.line('', 0)
  }

  userOf(cookies = ''): User | undefined {
    const prefix = `${this.name}=`
    const cookie = cookies.split(/; */).find((pair) => pair.startsWith(prefix))
    const [id = '', expires = '', signature = ''] = cookie?.slice(prefix.length).split('.') ?? []
    const isSigned = isEqual(signature, this.signatureOf(`${id}.${expires}`))
    const isExpired = Number(expires) < Date.now() / 1000
    return isSigned && !isExpired ? this.tenants.user(id) : undefined
  }

  private get isHttps(): boolean {
    return this.settings.redirectUri.startsWith('https:')
  }

  private line(value: string, maxAge: number): string {
    return (
      `${this.name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; ` +
      `SameSite=Lax${this.isHttps ? '; Secure' : ''}`
    )
  }

  private signatureOf(value: string): string {
    return createHmac('sha256', this.settings.sessionSecret).update(value).digest('base64url')
  }
}

const isEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
