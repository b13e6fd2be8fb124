import { type Operation, parseScope, type Scope } from '../scopes.ts'

const verbs: Readonly<Record<Operation, string>> = {
  all: 'See, add, change and delete',
  read: 'See',
  create: 'Add',
  update: 'Change',
  delete: 'Delete',
}

const groupTexts: Readonly<Record<string, string>> = {
  users: 'the users of your organization',
  settings: 'the settings of Zoho Recruit',
  modules: 'records in every module',
  org: 'the details of your organization',
  search: 'search results in every module',
  functions: 'the results of functions',
  bulk: 'records in bulk',
  notifications: 'notifications about changes',
  coql: 'records by query',
}

const subScopeTexts: Readonly<Record<string, string>> = {
  candidate: 'candidates',
  jobopening: 'job openings',
  candidatestatus: 'the statuses of candidates',
  jobopeningstatus: 'the statuses of job openings',
  interviewstatus: 'the statuses of interviews',
  custom: 'records in custom modules',
  custom_views: 'custom views',
  related_lists: 'related lists',
  notes: 'notes',
  activities: 'activities',
  attachments: 'attachments',
  modules: 'the list of modules',
  fields: 'the fields of modules',
  layouts: 'the layouts of modules',
  profiles: 'user profiles',
}

/** Describes a scope for the consent page. An unknown scope is returned unchanged. */
export function describeScope(text: string): string {
  const scope = parseScope(text)
  return scope === undefined ? text : `${verbs[scope.operation]} ${describeTarget(scope)}`
}

function describeTarget({ group, sub }: Scope): string {
  // `functions.execute` is described by the text of its group.
  // All other names of records have a regular plural.
  return sub === undefined || sub === 'execute'
    ? (groupTexts[group] ?? group)
    : (subScopeTexts[sub] ?? `${sub}s`)
}
