import {
  durableObjectStore,
  zohoConnection,
  zohoConnectionObject,
} from '@zrecruit/oauth-store-durable-object'

// A Worker does not use CommonJS, but an app's test in Node may load the package this way.
for (const value of [durableObjectStore, zohoConnection, zohoConnectionObject])
  if (typeof value !== 'function') throw new Error('an export is missing')
console.log('it works')
