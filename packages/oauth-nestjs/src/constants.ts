/** The injection token of the module's options. */
export const OPTIONS = 'ZohoRecruitModuleOptions'

/** The injection token of the client inside its own module. */
export const CLIENT = 'ZohoRecruitModule.forRoot()'

/** The injection tokens of what a module knows about itself, and of the check at the start. */
export const IDENTITY = 'ZohoRecruitModule identity'
export const MODULES_CHECK = 'ZohoRecruitModule check'

/**
 * The injection token of the client, for `inject` and `overrideProvider`. It is a string because
 * Nest's error messages show it.
 */
export const getZohoRecruitToken = (name?: string): string =>
  name === undefined ? 'ZohoRecruit' : `ZohoRecruit(${name})`

/** The injection token of what finds requests outside of HTTP controllers, for the guard. */
export const getRequestFinderToken = (name?: string): string =>
  `${getZohoRecruitToken(name)} requestOf`

// These symbols are in the global registry, so that they are equal in every copy of this package
// that an app loads.

/** Marks the controller class of the library's routes. */
export const routesMark = Symbol.for('@zrecruit/oauth-nestjs/routes')

/** The property of a request that holds the guards it has passed. */
export const passedGuards = Symbol.for('@zrecruit/oauth-nestjs/passed')

/** The property of a guard's exception that holds the response for the filter to write. */
export const refusalResponse = Symbol.for('@zrecruit/oauth-nestjs/refusal')
