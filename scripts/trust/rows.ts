import { consentGroups } from './rows/consent.ts'
import { zohoGroups } from './rows/zoho.ts'
import { connectionGroups } from './rows/connections.ts'
import { projectGroups } from './rows/project.ts'
import { failureGroups } from './rows/failures.ts'
import type { Group, Row } from './rows/row.ts'

export type { Group, Row }

/** All rows, in the order of docs/trust.md. */
export const groups: readonly Group[] = [
  ...consentGroups,
  ...zohoGroups,
  ...connectionGroups,
  ...projectGroups,
  ...failureGroups,
]

export const rows: Readonly<Record<string, Row>> = Object.assign(
  {},
  ...groups.map((group) => group.rows),
)
