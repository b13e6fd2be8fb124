import { type DataCenterId, dataCenterIds } from '../data-centers.ts'
import { type Organization, defaultUser } from './organizations.ts'
import { getPeople } from './people.ts'

/** A Recruit record with the field names of Recruit's API. */
export type RecruitRecord = Readonly<Record<string, unknown>> & { readonly id: string }

const candidateRows: readonly (readonly [title: string, status: string, source: string])[] = [
  ['Backend Developer', 'New', 'Career Site'],
  ['Registered Nurse', 'Qualified', 'Referral'],
  ['Product Designer', 'Interview-Scheduled', 'LinkedIn'],
  ['Warehouse Supervisor', 'New', 'Job Board'],
  ['Data Analyst', 'Submitted-to-client', 'LinkedIn'],
  ['Payroll Specialist', 'Waiting-for-Evaluation', 'Email'],
  ['Site Reliability Engineer', 'Offer-Made', 'Referral'],
  ['Sales Manager', 'Contacted', 'Career Site'],
  ['Electrician', 'Hired', 'Job Board'],
  ['Technical Writer', 'New', 'Career Site'],
  ['Mechanical Engineer', 'Rejected', 'Job Board'],
  ['Customer Success Lead', 'Interview-in-Progress', 'LinkedIn'],
  ['Accountant', 'Unqualified', 'Email'],
  ['Frontend Developer', 'Associated', 'Referral'],
]

const openingRows: readonly (readonly [
  title: string,
  client: string,
  status: string,
  positions: string,
])[] = [
  ['Senior TypeScript Engineer', 'Bluefin Robotics', 'In-progress', '2'],
  ['Night Shift Nurse', 'St. Alder Clinic', 'In-progress', '6'],
  ['Finance Business Partner', 'Copperleaf Foods', 'Waiting for approval', '1'],
  ['Field Electrician', 'Brightmast Energy', 'Filled', '3'],
  ['Product Designer', 'Quillworks', 'On-Hold', '1'],
]

/**
 * Ids have nineteen digits, like Zoho's, so a JavaScript number cannot represent them. The first
 * digits depend on the data center.
 */
export function recordId(dataCenter: DataCenterId, number: number): string {
  return `${5524 + dataCenterIds.indexOf(dataCenter)}000000${String(310_000_000 + number * 1013)}`
}

/** The item at an index. After its last item, the list begins again. */
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
const createdTime = (index: number) =>
  `2026-0${1 + (index % 9)}-${10 + index}T09:${10 + index}:00+00:00`
const plainLetters = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^A-Za-z-]/g, '')
    .toLowerCase()

function candidateOwner(dataCenter: DataCenterId): { name: string; id: string } {
  const { firstName, lastName } = defaultUser(dataCenter)
  return { name: `${firstName} ${lastName}`, id: recordId(dataCenter, 0) }
}

/** An added organization or a sandbox has no records, and does not see those of others. */
function isAddedOrganization({ id, dataCenter }: Organization): boolean {
  return id !== defaultUser(dataCenter).organization.id
}

/** Fourteen candidates of the default organization of a data center. */
export function listCandidates(organization: Organization): RecruitRecord[] {
  if (isAddedOrganization(organization)) return []
  const { dataCenter } = organization
  const { firstNames, lastNames, cities, mobilePrefix } = getPeople(dataCenter)
  return candidateRows.map(([title, status, source], index) => {
    const first = pick(firstNames, index)
    const last = pick(lastNames, index)
    return {
      id: recordId(dataCenter, 100 + index),
      Candidate_ID: `ZR_${101 + index}_CAND`,
      First_Name: first,
      Last_Name: last,
      Full_Name: `${first} ${last}`,
      Email: `${plainLetters(first)}.${plainLetters(last)}@mail.example`,
      Mobile: `${mobilePrefix}${String(10 + index)}`,
      City: pick(cities, index),
      Current_Job_Title: title,
      Candidate_Status: status,
      Source: source,
      Candidate_Owner: candidateOwner(dataCenter),
      Created_Time: createdTime(index),
      Modified_Time: createdTime(index),
    }
  })
}

/** Five job openings of the default organization of a data center. */
export function listJobOpenings(organization: Organization): RecruitRecord[] {
  if (isAddedOrganization(organization)) return []
  const { dataCenter } = organization
  const { cities } = getPeople(dataCenter)
  return openingRows.map(([title, client, status, positions], index) => ({
    id: recordId(dataCenter, 500 + index),
    Job_Opening_ID: `ZR_${11 + index}_JOB`,
    Posting_Title: title,
    Job_Opening_Name: title,
    Client_Name: { name: client, id: recordId(dataCenter, 800 + index) },
    Job_Opening_Status: status,
    Number_of_Positions: positions,
    City: pick(cities, index + 1),
    Created_Time: createdTime(index),
    Modified_Time: createdTime(index),
  }))
}
