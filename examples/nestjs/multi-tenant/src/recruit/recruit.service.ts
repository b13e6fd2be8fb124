import { Injectable } from '@nestjs/common'
import {
  InjectZohoRecruit,
  type Connection,
  type ConnectionStatus,
  type ZohoRecruit,
} from '@zrecruit/oauth-nestjs'
import type { Office } from '../accounts/tenants.ts'

export interface Candidate {
  readonly Full_Name?: string
  readonly Current_Job_Title?: string
  readonly City?: string
  readonly Candidate_Status?: string
}

export interface TeamMember {
  readonly full_name?: string
  readonly email?: string
  readonly role?: { readonly name?: string }
  readonly status?: string
}

/** All calls to Zoho Recruit. The service needs no request, so jobs can use it, too. */
@Injectable()
export class RecruitService {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  /** One connection per office, shared by its users. Its id is the office's id. */
  statusOf(office: Office): Promise<ConnectionStatus> {
    return this.zoho.connection(office.id).status()
  }

  candidates(connection: Connection): Promise<Candidate[]> {
    return list(connection, 'Candidates?per_page=25', 'data')
  }

  team(connection: Connection): Promise<TeamMember[]> {
    return list(connection, 'users?type=AllUsers', 'users')
  }
}

const list = async <Item>(connection: Connection, path: string, key: string): Promise<Item[]> => {
  const response = await connection.fetch(path)
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  return ((await response.json()) as Record<string, Item[]>)[key] ?? []
}
