import { oneOf, type Rule } from './rules.ts'
import type { Organization } from './seed/organizations.ts'

/**
 * The environments of an organization. A grant and its tokens belong to one of them. Recruit's
 * pages do not describe the sandbox: another client uses its host, and asks for a consent of its
 * own.
 */
export const environments = ['production', 'sandbox'] as const

export type Environment = (typeof environments)[number]

export const environmentRule: Rule = oneOf(...environments)

export function isEnvironment(text: string): text is Environment {
  return environments.some((environment) => environment === text)
}

/** The distance between the ids of an organization and of its sandbox. */
const sandboxIdOffset = 500_000_000

/**
 * The organization that a token sees. The sandbox is an organization of its own, with another id
 * and without records (unverified).
 */
export function organizationIn(organization: Organization, environment: Environment): Organization {
  if (environment === 'production') return organization
  return {
    ...organization,
    id: `${Number(organization.id) + sandboxIdOffset}`,
    name: `${organization.name} (Sandbox)`,
  }
}
