import { BadRequest } from '../http/body.ts'
import {
  check,
  dataCenterId,
  either,
  listOf,
  oneOf,
  type Rule,
  secondsUpTo,
  wholeNumber,
} from '../rules.ts'
import { nearestName } from './nearest-name.ts'
import type { Budget, Settings } from './settings.ts'

const count = wholeNumber(1, 1000)
const life = secondsUpTo(1e8)
const trueOrFalse = oneOf(true, false)

const budget: Rule = {
  expected: 'a budget such as {"limit":10,"windowSeconds":600}',
  accepts(value) {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false
    const { limit, windowSeconds } = value as Budget
    return wholeNumber(0, 1e6).accepts(limit) && life.accepts(windowSeconds)
  },
}

const rules: Readonly<Record<keyof Settings, Rule>> = {
  codeLifeSeconds: life,
  accessTokenLifeSeconds: life,
  authorizationCodeBudget: budget,
  accessTokenBudget: budget,
  accessTokenBlock: oneOf('whole-window', 'rest'),
  refreshTokenBudget: budget,
  liveAccessTokens: count,
  liveRefreshTokens: count,
  refreshTokenOverflow: oneOf('evict', 'refuse'),
  throttleStatus: oneOf(400, 200),
  throttleLanguage: oneOf('en', 'zh'),
  pkce: oneOf('enforce', 'ignore'),
  revocation: oneOf('both', 'legacy', 'new'),
  revocationScope: oneOf('grant', 'token'),
  multiDataCenter: either(trueOrFalse, listOf(dataCenterId)),
  scopeInResponses: oneOf('none', 'space', 'comma'),
  scopeSeparator: oneOf('comma', 'comma-or-space'),
  legacyExpiresIn: trueOrFalse,
  apiDomainTrailingSlash: trueOrFalse,
  callbackDataCenterParameters: oneOf('both', 'location', 'accounts-server', 'neither'),
  accountsServerTrailingSlash: trueOrFalse,
  expiresIn: oneOf('seconds', 'zero', 'empty', 'fraction', 'missing'),
  expiredTokenResponse: oneOf(
    'INVALID_TOKEN',
    'INVALID_OAUTHTOKEN',
    'data-list',
    'xml-4834',
    'status-200',
    'status-400',
  ),
  apiCredits: budget,
  zgidInOrganization: trueOrFalse,
}

const settingNames = Object.keys(rules)

/**
 * Checks settings and returns a copy. `undefined` counts as omitted.
 * @param optionNames the options beside the settings; an error proposes them too
 */
export function checkSettings(
  settings: object,
  optionNames: readonly string[] = [],
): Partial<Settings> {
  const present = Object.entries(settings).filter(([, value]) => value !== undefined)
  for (const [name, value] of present) {
    if (!Object.hasOwn(rules, name)) {
      const nearest = nearestName(name, [...settingNames, ...optionNames])
      const proposal =
        nearest === undefined ? `use ${settingNames.join(', ')}.` : `did you mean ${nearest}?`
      throw new BadRequest(`The setting ${JSON.stringify(name)} is unknown: ${proposal}`)
    }
    check(name, value, rules[name as keyof Settings])
  }
  return structuredClone(Object.fromEntries(present))
}
