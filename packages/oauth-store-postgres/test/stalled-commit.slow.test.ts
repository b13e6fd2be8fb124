import { createRecruitOAuth, type RecruitOAuthError } from '@zrecruit/oauth-core'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from './schemas.ts'

const scope = 'ZohoRecruit.modules.ALL'

/** An app on PostgreSQL where commits of active connections take 4 s, but reads do not. */
const stalledApp = async () => {
  const { store, pool, schema, table } = await openStore()
  await pool.query(`CREATE FUNCTION "${schema}".stall() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(4); RETURN NULL; END $$`)
  await pool.query(`CREATE CONSTRAINT TRIGGER stall AFTER INSERT OR UPDATE ON ${table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'active')
    EXECUTE FUNCTION "${schema}".stall()`)
  const emulator = createEmulator({ dataCenters: ['eu'] })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  const { client, dataCenters } = emulator
  const app = () =>
    createRecruitOAuth({
      clientId: client.id,
      clientSecret: client.secret,
      redirectUri: 'https://app.example.com/zoho/callback',
      scopes: [scope],
      dataCenter: 'eu',
      dataCenters,
      store,
      encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
      connectionFor: () => undefined,
      onEvent: () => {},
    })
  const endStall = () => pool.query(`DROP TRIGGER stall ON ${table}`)
  return { emulator, app, endStall }
}

it('G3: a consent whose commit is delayed is kept, and works once it is committed', async () => {
  const { emulator, app, endStall } = await stalledApp()
  const { code } = emulator.issueSelfClientCode({ scope, dataCenter: 'eu' })
  const acme = app().connection('acme')
  const error = await acme.exchangeSelfClientCode(code, { principal: 'ann' }).then(
    () => undefined,
    (thrown: RecruitOAuthError) => thrown,
  )
  expect([error?.code, error?.errors?.[0]?.written]).toEqual(['grant-outcome-unknown', 'unknown'])
  expect((await acme.status()).status).toBe('none')
  expect(emulator.calls().revoke).toBe(0)
  while ((await app().connection('acme').status()).status !== 'active') await sleep(100)
  await app().recover()
  // A new client, which has no cache, gets a token that Zoho accepts.
  expect((await app().connection('acme').fetch('Candidates')).status).toBe(200)
  expect([emulator.tokens().refreshTokens.length, emulator.calls().revoke]).toEqual([1, 0])
  await endStall()
}, 60_000)
