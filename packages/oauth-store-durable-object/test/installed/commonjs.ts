import {
  durableObjectStore,
  zohoConnection,
  zohoConnectionObject,
} from '@zrecruit/oauth-store-durable-object'

// A Worker is no CommonJS; a test of an app in Node loads it all the same.
for (const value of [durableObjectStore, zohoConnection, zohoConnectionObject])
  if (typeof value !== 'function') throw new Error('not there')
console.log('it works')
