import type { ConnectionStore, ConnectionSummary, SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { changeList, changeId, changeRead, type Breakage } from './seams.ts'

// For each case one defect of contents or ids that only that case detects.

/** A column that truncates text to a number of bytes. */
const cut = (text: string, bytes: number): string => Buffer.from(text).subarray(0, bytes).toString()

const changed = (record: SealedRecord | undefined, fields: Partial<SealedRecord>) =>
  record && { ...record, ...fields }

export const contents: Readonly<Record<string, Breakage>> = {
  'nothing-there': () => (handle) => ({
    ...handle,
    async read(id) {
      const response = await handle.read(id)
      return id === 'nobody' ? ({ record: undefined, ...response } as never) : response
    },
  }),
  'comes-back': changeRead((record) =>
    record?.status === 'needs-consent' ? changed(record, { status: 'active' }) : record,
  ),
  'bare-record': changeList((rows) =>
    rows.map((row) => (row.id === 'bare' ? ({ principal: null, ...row } as never) : row)),
  ),
  'facts-octets': changeRead((record) =>
    record?.dataCenter === undefined
      ? record
      : changed(record, { dataCenter: cut(record.dataCenter, 255) }),
  ),
  'envelope-octets': changeRead((record) =>
    record?.envelope.startsWith('\ufeff')
      ? changed(record, { envelope: record.envelope.slice(1) })
      : record,
  ),
  'envelope-64k': changeRead((record) =>
    changed(record, { envelope: cut(record?.envelope ?? '', 65_535) }),
  ),
  'envelope-empty': changeRead((record) => (record?.envelope === '' ? undefined : record)),
  'given-changed-later': () => (handle) => {
    const given = new Map<string, SealedRecord>()
    return {
      ...handle,
      async read(id) {
        const { record, asOf } = await handle.read(id)
        const mine = record && given.get(record.revision)
        return { asOf, ...(record && { record: mine ? { ...mine } : record }) }
      },
      async write(id, next, expected) {
        const before = JSON.stringify(next)
        const response = await handle.write(id, next, expected)
        // Keep the object only if it was not changed during the write.
        if (next && JSON.stringify(next) === before) given.set(next.revision, next)
        return response
      },
    }
  },
  'given-changed-meanwhile': () => (handle) => ({
    ...handle,
    async write(id, next, expected) {
      await nextTurn()
      return handle.write(id, next, expected)
    },
  }),
  'read-changed-later': () => {
    const read = new Map<string, SealedRecord>()
    return (handle) => ({
      ...handle,
      async read(id) {
        const { record, asOf } = await handle.read(id)
        if (!record) return { asOf }
        const shared = read.get(record.revision) ?? { ...record }
        read.set(record.revision, shared)
        return { asOf, record: shared }
      },
    })
  },
  'listed-changed-later': () => {
    const listed = new Map<string, ConnectionSummary[]>()
    return (handle): ConnectionStore => ({
      ...handle,
      async list(query) {
        const rows = [...(await handle.list(query))]
        const key = JSON.stringify([query, rows])
        listed.set(key, listed.get(key) ?? rows)
        return listed.get(key) as ConnectionSummary[]
      },
    })
  },
}

export const clients: Readonly<Record<string, Breakage>> = {
  'clients-apart': changeId((id) => (id.endsWith(':our-company') ? 'our-company' : id)),
  'clients-pages': changeList((rows) =>
    rows.filter(({ id }, at) => !id.endsWith(':page c') || rows.length === at + 1),
  ),
}

export const names: Readonly<Record<string, Breakage>> = {
  'ids-letter-case': changeId((id) => (id === 'ACME' ? 'acme' : id)),
  'ids-unicode-forms': changeId((id) => (id.startsWith('caf') ? id.normalize('NFC') : id)),
  'ids-blanks': changeId((id) => (/^acme +$/.test(id) ? id.trimEnd() : id)),
  'ids-like-numbers': changeId((id) => (/^\d+$/.test(id) ? String(Number(id)) : id)),
  'ids-like-code': changeRead((record, id) => (id === '__proto__' ? undefined : record)),
  'ids-255': changeId((id) => cut(id, 271)),
  'ids-of-the-client': changeList((rows) => rows.filter(({ id }) => !/^aA.*\u001f/.test(id))),
}
