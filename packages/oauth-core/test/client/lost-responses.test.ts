import { describe, expect, it } from 'vitest'
import { drop, refusedOrigin } from '../endpoints/server.ts'
import { startConnected } from './connected.ts'
import { errorCodeOf } from './setup.ts'

describe('a lost response', () => {
  it.each(['POST', 'PATCH', 'post'])(
    'to %s is an error that says that the outcome is unknown',
    async (method) => {
      const { acme, script, apiCalls } = await startConnected()
      script.api = drop
      await expect(acme.fetch('Candidates', { method, body: '{}' })).rejects.toMatchObject({
        code: 'recruit-outcome-unknown',
        remedy: 'report',
        connection: 'acme',
        dataCenter: 'eu',
        message: expect.stringMatching(/unknown whether the request took effect.*before you send/),
      })
      expect(apiCalls().length).toBe(1)
    },
  )

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('to %s can be retried', async (method) => {
    const { acme, script } = await startConnected()
    script.api = drop
    const body = method === 'PUT' ? { body: '{}' } : {}
    await expect(acme.fetch('Candidates/1', { method, ...body })).rejects.toMatchObject({
      code: 'recruit-unreachable',
      remedy: 'retry',
      message: 'The connection to the Recruit API broke before its response arrived. Call again.',
    })
  })

  it('to a POST that was never sent can be retried', async () => {
    const { client, server } = await startConnected()
    const dataCenters = {
      eu: {
        accountsServer: server.origin,
        apiDomain: server.origin,
        recruitApi: `${await refusedOrigin()}/recruit/v2`,
      },
    }
    const acme = client({ dataCenters }).connection('acme')
    expect(await errorCodeOf(acme.fetch('Candidates', { method: 'POST', body: '{}' }))).toBe(
      'recruit-unreachable',
    )
  })

  it('to a POST that ends inside the body is no success', async () => {
    const { acme, script } = await startConnected()
    script.api = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"data":[')
      setTimeout(() => response.destroy(), 20)
    }
    expect(await errorCodeOf(acme.fetch('Candidates', { method: 'POST', body: '{}' }))).toBe(
      'recruit-outcome-unknown',
    )
  })

  it('to a GET that ends inside the body fails in the body', async () => {
    const { acme, script } = await startConnected()
    script.api = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"data":[')
      setTimeout(() => response.destroy(), 20)
    }
    const response = await acme.fetch('Candidates')
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow(TypeError)
  })

  it.each(['UND_ERR_CONNECT_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED'])(
    'to a POST is certain if the connection failed with %s',
    async (code) => {
      const { client } = await startConnected()
      const fetch = async () => Promise.reject(new TypeError('failed', { cause: { code } }))
      const acme = client({ fetch }).connection('acme')
      const init = { method: 'POST', body: '{}' }
      expect(await errorCodeOf(acme.fetch('Candidates', init))).toBe('recruit-unreachable')
    },
  )

  it('to a POST with an invalid status has an unknown outcome', async () => {
    const { client } = await startConnected()
    const fetch = async () => ({ status: 700, headers: new Headers(), body: null }) as Response
    const acme = client({ fetch }).connection('acme')
    const codes = [
      await errorCodeOf(acme.fetch('Candidates', { method: 'POST', body: '{}' })),
      await errorCodeOf(acme.fetch('Candidates')),
    ]
    expect(codes).toEqual(['recruit-outcome-unknown', 'response-malformed'])
  })
})
