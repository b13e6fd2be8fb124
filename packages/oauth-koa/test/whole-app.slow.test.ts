import { adapterCases, runAdapterCase } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { koaMount, mounts } from './mounts.ts'
import { subjectOn } from './subjects.ts'

// The conformance tests already run these cases with koa-mount.
const otherMounts = mounts.filter((mounted) => mounted !== koaMount)
const catchAll = adapterCases.filter(({ id }) => id.startsWith('whole-app-'))

for (const mounted of otherMounts)
  describe.each(['Koa 2', 'Koa 3'] as const)(`%s, the routes mounted by ${mounted.name}`, (koa) => {
    const subject = subjectOn(koa, mounted)
    it.each(catchAll.map((one) => [one.id, one.title, one] as const))(
      'G1: %s: %s',
      (_id, _title, one) => runAdapterCase(subject, one),
    )
  })
