import { expect, test } from 'vitest'
import { zohoDataCenters } from '../../src/domain/data-centers.ts'

// Copied by hand from zoho-protocol.md, 2.1. Nothing here is computed.
const documented: Record<
  string,
  readonly [accountsServer: string, apiDomain: string, recruitApi: string]
> = {
  us: [
    'https://accounts.zoho.com',
    'https://www.zohoapis.com',
    'https://recruit.zoho.com/recruit/v2',
  ],
  eu: ['https://accounts.zoho.eu', 'https://www.zohoapis.eu', 'https://recruit.zoho.eu/recruit/v2'],
  in: ['https://accounts.zoho.in', 'https://www.zohoapis.in', 'https://recruit.zoho.in/recruit/v2'],
  au: [
    'https://accounts.zoho.com.au',
    'https://www.zohoapis.com.au',
    'https://recruit.zoho.com.au/recruit/v2',
  ],
  jp: ['https://accounts.zoho.jp', 'https://www.zohoapis.jp', 'https://recruit.zoho.jp/recruit/v2'],
  cn: [
    'https://accounts.zoho.com.cn',
    'https://www.zohoapis.com.cn',
    'https://recruit.zoho.com.cn/recruit/v2',
  ],
  ca: [
    'https://accounts.zohocloud.ca',
    'https://www.zohoapis.ca',
    'https://recruit.zohocloud.ca/recruit/v2',
  ],
  sa: ['https://accounts.zoho.sa', 'https://www.zohoapis.sa', 'https://recruit.zoho.sa/recruit/v2'],
  uk: ['https://accounts.zoho.uk', 'https://www.zohoapis.uk', 'https://recruit.zoho.uk/recruit/v2'],
  ae: ['https://accounts.zoho.ae', 'https://www.zohoapis.ae', 'https://recruit.zoho.ae/recruit/v2'],
  sg: ['https://accounts.zoho.sg', 'https://www.zohoapis.sg', 'https://recruit.zoho.sg/recruit/v2'],
}

test('the data centers are equal to the table in zoho-protocol.md', () => {
  expect(Object.keys(zohoDataCenters).toSorted()).toEqual(Object.keys(documented).toSorted())
  for (const [id, { accountsServer, apiDomain, recruitApi }] of Object.entries(zohoDataCenters)) {
    expect([id, accountsServer, apiDomain, recruitApi]).toEqual([id, ...(documented[id] ?? [])])
  }
})

test('no address belongs to two data centers', () => {
  const addresses = Object.values(zohoDataCenters).flatMap(
    ({ accountsServer, apiDomain, recruitApi }) => [accountsServer, apiDomain, recruitApi],
  )
  expect(new Set(addresses).size).toBe(addresses.length)
})
