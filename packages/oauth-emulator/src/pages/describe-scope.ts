import { type Operation, parseScope } from '../scopes.ts'

const verbs: Readonly<Record<Operation, string>> = {
  all: 'See, add, change and delete',
  read: 'See',
  write: 'Add, change and delete',
  create: 'Add',
  update: 'Change',
  delete: 'Delete',
}

/** What a scope gives access to. Modules that are not listed have a regular plural. */
const targets: Readonly<Record<string, string>> = {
  'zohorecruit.users': 'the users of your organization',
  'zohorecruit.org': 'the details of your organization',
  'zohorecruit.settings': 'the settings of Zoho Recruit',
  'zohorecruit.settings.profiles': 'user profiles',
  'zohorecruit.settings.roles': 'user roles',
  'zohorecruit.settings.modules': 'the list of modules',
  'zohorecruit.settings.custom_views': 'custom views',
  'zohorecruit.settings.related_lists': 'related lists',
  'zohorecruit.settings.fields': 'the fields of modules',
  'zohorecruit.settings.layouts': 'the layouts of modules',
  'zohorecruit.setup.operation': 'the setup of modules',
  'zohorecruit.modules': 'records in every module',
  'zohorecruit.modules.jobopening': 'job openings',
  'zohorecruit.modules.custommodule': 'records in custom modules',
  'zohorecruit.modules.custom': 'records in custom modules',
  'zohorecruit.modules.notes': 'notes',
  'zohorecruit.modules.activities': 'activities',
  'zohorecruit.modules.candidatestatus': 'the statuses of candidates',
  'zohorecruit.modules.jobopeningstatus': 'the statuses of job openings',
  'zohorecruit.modules.interviewstatus': 'the statuses of interviews',
  'zohorecruit.modules.attachments': 'the files attached to records',
  'zohorecruit.bulk': 'records in bulk',
  'zohorecruit.search': 'search results in every module',
  'zohorecruit.functions.execute': 'the results of functions',
  'zohorecruit.notifications': 'notifications about changes',
  'zohorecruit.coql': 'records by query',
  'zohosearch.securesearch': 'search results within your permissions',
  'zohofiles.files': 'files uploaded to Zoho',
}

/** The bulk API has no operation that deletes. */
const bulkVerbs: Readonly<Record<string, string>> = { all: 'See, add and change' }

/** Describes a scope for the consent page. An unknown scope is returned unchanged. */
export function describeScope(text: string): string {
  const scope = parseScope(text)
  if (scope === undefined) return text
  const lastPart = scope.name.slice(scope.name.lastIndexOf('.') + 1)
  const target = targets[scope.name] ?? plural(lastPart)
  const special = scope.name === 'zohorecruit.bulk' ? bulkVerbs[scope.operation] : undefined
  return `${special ?? verbs[scope.operation]} ${target}`
}

function plural(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}
