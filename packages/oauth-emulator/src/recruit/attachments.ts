import { BadRequest } from '../http/body.ts'
import { readForm } from '../http/parameters.ts'
import { json } from '../http/responses.ts'
import { nameAndId, type RecruitCall, type RecruitOperations } from './call.ts'
import { type RecruitModule, moduleScope } from './module-table.ts'
import type { Attachment } from './recruit-data.ts'
import { file, itemError, itemResults, noContent, recruitTime } from './responses.ts'

/** https://help.zoho.com/portal/kb/articles/uploadfile: "The total file size should not exceed 20 MB." */
const maximumBytes = 20 * 1024 * 1024

/** get-attachments names only the operation `ALL`. */
const attachmentsScope = { name: 'zohorecruit.modules.attachments', operation: 'all' } as const

/**
 * The operations of `/{module}/{id}/Attachments`.
 * https://www.zoho.com/recruit/developer-guide/apiv2/get-attachments.html
 */
export function attachmentOperations(module: RecruitModule, recordId: string): RecruitOperations {
  return {
    GET: {
      scopes: [moduleScope(module, 'read'), attachmentsScope],
      run: (call) => listAttachments(call, module, recordId),
    },
    POST: {
      scopes: [moduleScope(module, 'create'), attachmentsScope],
      run: (call) => addAttachment(call, module, recordId),
    },
  }
}

/** The operations of `/{module}/{id}/Attachments/{attachment}`. */
export function singleAttachmentOperations(
  module: RecruitModule,
  recordId: string,
  id: string,
): RecruitOperations {
  return {
    GET: {
      scopes: [moduleScope(module, 'read'), attachmentsScope],
      run: (call) => downloadAttachment(call, module, recordId, id),
    },
    DELETE: {
      scopes: [moduleScope(module, 'delete'), attachmentsScope],
      run: (call) => deleteAttachment(call, module, recordId, id),
    },
  }
}

function attachmentsOf(
  { state, organization }: RecruitCall,
  module: RecruitModule,
  recordId: string,
): Attachment[] {
  return [...state.recruit.attachments.values()].filter(
    (attachment) =>
      attachment.organizationId === organization.id &&
      attachment.module === module.name &&
      attachment.recordId === recordId,
  )
}

function findAttachment(
  call: RecruitCall,
  module: RecruitModule,
  recordId: string,
  id: string,
): Attachment | undefined {
  return attachmentsOf(call, module, recordId).find((attachment) => attachment.id === id)
}

/** Times have the format of the sample on the page. */
function listAttachments(call: RecruitCall, module: RecruitModule, recordId: string): Response {
  const attachments = attachmentsOf(call, module, recordId)
  if (attachments.length === 0) return noContent()
  const data = attachments.map(({ id, name, bytes, createdAt, user }) => {
    const time = recruitTime(createdAt).slice(0, 19).replace('T', ' ')
    const person = nameAndId(user)
    return {
      id,
      Modified_By: person.id,
      Owner: person.id,
      Parent_Id: recordId,
      Created_Time: time,
      Modified_Time: time,
      $Created_By: person.name,
      $Owner: person.name,
      Created_By: person.id,
      File_Name: name,
      $Modified_By: person.name,
      Size: `${bytes.length}`,
    }
  })
  return json({ data, info: { range: `1-${data.length}`, more_records: false } })
}

/** A multipart request with one part `file`. The response is unverified. */
async function addAttachment(
  call: RecruitCall,
  module: RecruitModule,
  recordId: string,
): Promise<Response> {
  const { state, organization, access, request } = call
  const sent = (await readForm(request, maximumBytes)).getAll('file')
  const [upload] = sent
  if (sent.length !== 1 || !(upload instanceof File))
    throw new BadRequest('Send one file as the part "file" of a multipart body')
  if (!state.recruit.records(organization, module).has(recordId))
    return itemResults([unknownId(recordId)], 200)
  const id = state.recruit.nextId(organization)
  const createdAt = state.clock.now()
  state.recruit.attachments.set(id, {
    id,
    organizationId: organization.id,
    module: module.name,
    recordId,
    name: upload.name,
    type: /^[\x21-\x7e][\x20-\x7e]*$/.test(upload.type) ? upload.type : 'application/octet-stream',
    bytes: new Uint8Array(await upload.arrayBuffer()),
    createdAt,
    user: access.user,
  })
  const time = recruitTime(createdAt)
  const person = nameAndId(access.user)
  const details = {
    Modified_Time: time,
    Modified_By: person,
    Created_Time: time,
    id,
    Created_By: person,
  }
  const message = 'attachment uploaded successfully'
  return itemResults([{ code: 'SUCCESS', details, message, status: 'success' }], 200)
}

function downloadAttachment(
  call: RecruitCall,
  module: RecruitModule,
  recordId: string,
  id: string,
): Response {
  const found = findAttachment(call, module, recordId, id)
  return found === undefined ? noContent() : file(found.bytes, found.type, found.name)
}

function deleteAttachment(
  call: RecruitCall,
  module: RecruitModule,
  recordId: string,
  id: string,
): Response {
  const found = findAttachment(call, module, recordId, id)
  if (found === undefined) return itemResults([unknownId(id)], 200)
  call.state.recruit.attachments.delete(id)
  return itemResults(
    [{ code: 'SUCCESS', details: { id }, message: 'record deleted', status: 'success' }],
    200,
  )
}

function unknownId(id: string) {
  return itemError('INVALID_DATA', { id }, 'the id given seems to be invalid')
}
