import type { Declarations, Member, NamedType } from './declarations.ts'

/** A generated page, and what its sources lack. */
export interface GeneratedPage {
  readonly text: string
  readonly problems: readonly string[]
}

const note = (sources: string): string =>
  `_\`npx -y pnpm@12.21.0 generate\` writes this page from ${sources}._`

/**
 * The page of options: for each member of the interface its type, default and examples, from its
 * doc comment and the tags `@default`, `@example` and `@see`.
 */
export const optionsPage = (
  options: Declarations,
  nestOptions: Declarations,
  { introduction, sources }: { readonly introduction: string; readonly sources: string },
): GeneratedPage => {
  const members = options.membersOf('RecruitOAuthOptions')
  const types = options.typesUsedBy('RecruitOAuthOptions')
  const text = [
    '# Options',
    introduction,
    tableOfOptions(members),
    ...members.map(formatOption),
    ...formatTypes(types),
    '## Options of the NestJS module',
    'Beside the options above, `forRoot` and `forRootAsync` take settings that Nest needs while ' +
      'it builds modules.',
    tableOfMembers(nestOptions.membersOf('ZohoRecruitModuleExtras')),
    note(sources),
  ].join('\n\n')
  return { text: `${text}\n`, problems: members.flatMap(problemsOfOption) }
}

const problemsOfOption = ({ name, isOptional, doc, tags }: Member): string[] => {
  const missing = [
    doc === '' && 'a doc comment',
    isOptional && tags('default').length === 0 && '`@default`',
    tags('example').length === 0 && '`@example`',
  ].filter((part) => part !== false)
  return missing.map((part) => `The option \`${name}\` lacks ${part}.`)
}

const tableOfOptions = (members: readonly Member[]): string => {
  const rows = members.map(
    (member) =>
      `| [\`${member.name}\`](#${member.name.toLowerCase()}) | ${inCell(defaultOf(member))} | ` +
      `${inCell(firstSentence(member.doc))} |`,
  )
  return ['| option | default | |', '| --- | --- | --- |', ...rows].join('\n')
}

const defaultOf = ({ isOptional, tags }: Member): string =>
  isOptional ? tags('default').join(' ') : 'required'

const formatOption = (member: Member): string =>
  [
    `## ${member.name}`,
    `Type: \`${member.type}\` · ${member.isOptional ? 'default: ' : ''}${defaultOf(member)}`,
    member.doc,
    ...member.tags('see').map((address) => `See <${address}>.`),
    ...member.tags('example').map((example) => `\`\`\`ts\n${example}\n\`\`\``),
  ].join('\n\n')

const formatTypes = (types: readonly NamedType[]): string[] => [
  '## Types',
  ...types.filter(({ doc, members }) => doc !== '' || members.length > 0).map(formatType),
]

const formatType = ({ name, doc, members, definition }: NamedType): string =>
  [
    `### ${name}`,
    ...(definition === undefined ? [] : [`\`${definition}\``]),
    doc,
    ...(members.length > 0 ? [tableOfMembers(members)] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

const tableOfMembers = (members: readonly Member[]): string => {
  const rows = members.map(({ name, type, isOptional, doc, tags }) => {
    const defaultText = tags('default').map((text) => ` Default: ${text}.`)
    const text = inCell(doc + defaultText.join(''))
    return `| \`${name}${isOptional ? '?' : ''}\` | \`${inCell(type)}\` | ${text} |`
  })
  return ['| member | type | |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The page of events: when each is sent, its members, and what to do (`@remarks`). */
export const eventsPage = (
  events: Declarations,
  { introduction, sources }: { readonly introduction: string; readonly sources: string },
): GeneratedPage => {
  const variants = events.variantsOf('RecruitOAuthEvent').map(toEvent)
  const rows = variants.map(
    ({ name, doc }) => `| [\`${name}\`](#${name}) | ${inCell(firstSentence(doc))} |`,
  )
  const text = [
    '# Events',
    introduction,
    ['| event | sent when |', '| --- | --- |', ...rows].join('\n'),
    ...variants.map(formatEvent),
    ...formatTypes(events.typesUsedBy('RecruitOAuthEvent')),
    note(sources),
  ].join('\n\n')
  return { text: `${text}\n`, problems: variants.flatMap(problemsOfEvent) }
}

interface Event {
  readonly name: string
  readonly doc: string
  readonly action: string
  readonly members: readonly Member[]
}

/** The doc comment of the member `type` describes the event. */
const toEvent = (variant: readonly Member[]): Event => {
  const type = variant.find(({ name }) => name === 'type')
  return {
    name: type?.type.replaceAll("'", '') ?? '',
    doc: type?.doc ?? '',
    action: type?.tags('remarks').join(' ') ?? '',
    members: variant.filter(({ name }) => name !== 'type'),
  }
}

const problemsOfEvent = ({ name, doc, action }: Event): string[] => [
  ...(doc === '' ? [`The event \`${name}\` has no doc comment at its member \`type\`.`] : []),
  ...(action === '' ? [`The event \`${name}\` has no \`@remarks\` that say what to do.`] : []),
]

const formatEvent = ({ name, doc, action, members }: Event): string =>
  [`## ${name}`, doc, `**What to do:** ${action}`, tableOfMembers(members)].join('\n\n')

const firstSentence = (doc: string): string => /^.*?[.?](?=\s|$)/s.exec(doc)?.[0] ?? doc

/** Text in one line, for a cell of a table. */
const inCell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
