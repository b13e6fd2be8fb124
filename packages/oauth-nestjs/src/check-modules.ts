import { Scope } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { CLIENT, IDENTITY } from './constants.ts'

type NestModuleRef = ReturnType<ModulesContainer['values']> extends Iterable<infer M> ? M : never
type Provider = NestModuleRef['providers'] extends Map<unknown, infer P> ? P : never

/**
 * What a call of `forRoot` or `forRootAsync` has created. With the algorithm `deep-hash`, Nest
 * keeps one of several modules with equal metadata, and compares functions by their text. `id`
 * makes the metadata different, so that no client disappears silently.
 */
export interface ModuleIdentity {
  readonly id: number
  readonly name: string | undefined
}

/**
 * Checks all modules of this library in an app. It runs in a provider of its own, because Nest does
 * not create a module class that depends on a request.
 * @throws `configuration-invalid`
 */
export const checkModules = (modules: ModulesContainer): void => {
  const names = new Set<string | undefined>()
  for (const { providers } of modules.values()) {
    const client = providers.get(CLIENT)
    const identity = providers.get(IDENTITY)?.instance as ModuleIdentity | undefined
    if (!client || !identity) continue
    refuseRequestScope(client)
    if (names.has(identity.name)) throw sameNameError(identity.name)
    names.add(identity.name)
  }
}

const refuseRequestScope = (client: Provider): void => {
  if (client.isDependencyTreeStatic()) return
  const cause = findRequestScoped(client)
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      'The options of ZohoRecruitModule.forRootAsync() depend on ' +
      `${cause ? `\`${nameOf(cause)}\`, which is` : 'a provider that is'} request-scoped. The ` +
      'client and its routes are created once, when the app starts.',
    hint:
      'Inject only providers that live as long as the app. What differs between requests, such ' +
      'as the user or the tenant, belongs in `connectionFor`, which gets the request.',
  })
}

/** The first request-scoped provider on the way to what this provider depends on. */
const findRequestScoped = (
  provider: Provider,
  visited = new Set<Provider>(),
): Provider | undefined => {
  if (provider.scope === Scope.REQUEST) return provider
  if (visited.has(provider)) return undefined
  visited.add(provider)
  const dependencies = [
    ...(provider.getCtorMetadata() ?? []),
    ...(provider.getPropertiesMetadata() ?? []).map(({ wrapper }) => wrapper),
  ]
  for (const dependency of dependencies) {
    const found = findRequestScoped(dependency, visited)
    if (found) return found
  }
  return undefined
}

const nameOf = ({ token }: Provider): string =>
  typeof token === 'function' ? token.name : String(token)

const sameNameError = (name: string | undefined): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      'Two imports of ZohoRecruitModule have clients ' +
      `${name === undefined ? 'without a name' : `with the name \`${name}\``}, so the app cannot ` +
      'tell them apart.',
    hint:
      'Give each client its own `name`. To import one client in several modules, call forRoot() ' +
      'or forRootAsync() once and import its result, or set `isGlobal`.',
  })
