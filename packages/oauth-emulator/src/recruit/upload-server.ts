import { Hono } from 'hono'
import { organizationIn } from '../environment.ts'
import { InvalidZip, readZip, type ZipEntry, ZipTooLarge } from '../files/zip.ts'
import { BadRequest } from '../http/body.ts'
import { decodeText, readForm } from '../http/parameters.ts'
import { json } from '../http/responses.ts'
import type { AccessToken } from '../ledger/ledger.ts'
import { coversScope } from '../scopes.ts'
import type { EmulatorState, ServerContext } from '../state.ts'
import { authenticate } from './authenticate.ts'
import { chargeCredits } from './limits.ts'
import { answerErrors } from './recruit-api.ts'
import { invalidMethod, recruitError, recruitTime } from './responses.ts'

/**
 * "The file size is greater than 25MB", and of the CSV file: "a maximum size of 25MB"
 * (https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/limitations.html)
 */
const maximumBytes = 25 * 1024 * 1024

/** Uploaded files that are kept, so that a long test run does not use up the memory. */
const maximumUploads = 20

/**
 * The upload server of one data center. It accepts tokens of both environments (unverified).
 * https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/upload-file.html
 */
export function createUploadServer(context: ServerContext): Hono {
  const server = new Hono()
  server.all('/recruit/v2/upload', (c) => {
    const access = authenticate(context, c.req.raw)
    return access instanceof Response ? access : upload(context.state, access, c.req.raw)
  })
  answerErrors(server, 'Please check if the URL you are trying to access is correct')
  return server
}

/**
 * The codes, texts and statuses are those of the page. Unverified: the errors for a missing header,
 * token or part, and that a wrong organization is `NO_PERMISSION`.
 */
async function upload(
  state: EmulatorState,
  access: AccessToken,
  request: Request,
): Promise<Response> {
  if (request.method !== 'POST') return invalidMethod()
  if (!coversScope(access.scopes, { name: 'zohofiles.files', operation: 'all' }))
    return recruitError(404, 'OAUTH_SCOPE_MISMATCH', 'Unauthorized')
  const organization = organizationIn(access.user.organization, access.environment)
  if (request.headers.get('x-recruit-org') !== organization.id)
    return recruitError(403, 'NO_PERMISSION', 'Permission denied to create')
  if (request.headers.get('feature') !== 'bulk-write')
    throw new BadRequest('The header feature must be bulk-write')
  const exhausted = chargeCredits(state, organization, 1)
  if (exhausted !== undefined) return exhausted
  const csv = await readCsv(request)
  if (csv instanceof Response) return csv
  const id = state.recruit.nextId(organization)
  const { uploads } = state.recruit
  uploads.set(id, { id, organizationId: organization.id, ...csv })
  const [oldest] = uploads.keys()
  if (oldest !== undefined && uploads.size > maximumUploads) uploads.delete(oldest)
  const details = { file_id: id, created_time: recruitTime(state.clock.now()) }
  return json({
    status: 'success',
    code: 'FILE_UPLOAD_SUCCESS',
    message: 'file uploaded.',
    details,
  })
}

/**
 * The CSV file in the uploaded archive. Refused files get status 200, as the page says. The page
 * limitations says that another number of files is an error; its form is unverified.
 */
async function readCsv(request: Request): Promise<{ name: string; csv: string } | Response> {
  const archive = await readArchive(request)
  if (archive instanceof Response) return archive
  let entries: readonly ZipEntry[]
  try {
    entries = readZip(archive, maximumBytes)
  } catch (error) {
    if (error instanceof InvalidZip) return invalidFormat()
    if (error instanceof ZipTooLarge) return tooLarge()
    throw error
  }
  const [entry, ...others] = entries
  if (entry === undefined || others.length > 0) return invalidFormat()
  if (!/\.csv$/i.test(entry.name)) return invalidFormat()
  return { name: entry.name, csv: decodeText(entry.bytes, 'The CSV file') }
}

async function readArchive(request: Request): Promise<Uint8Array | Response> {
  let form: FormData
  try {
    form = await readForm(request, maximumBytes)
  } catch (error) {
    if (error instanceof BadRequest && error.status === 413) return tooLarge()
    throw error
  }
  const [sent, ...others] = form.getAll('file')
  if (!(sent instanceof File) || others.length > 0)
    throw new BadRequest('Send one file as the part "file" of a multipart body')
  if (sent.size > maximumBytes) return tooLarge()
  return new Uint8Array(await sent.arrayBuffer())
}

function invalidFormat(): Response {
  return recruitError(
    200,
    'INVALID_FILE_FORMAT',
    'invalid file format. only zip format is supported',
  )
}

function tooLarge(): Response {
  return recruitError(200, 'FILE_TOO_LARGE', 'File size too large to process')
}
