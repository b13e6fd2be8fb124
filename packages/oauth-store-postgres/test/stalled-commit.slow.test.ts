import { createRecruitOAuth, type RecruitOAuthError } from '@zrecruit/oauth-core'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from './schemas.ts'

const scope = 'ZohoRecruit.modules.ALL'

/**
 * Longer than the library waits for a write: one second, and as long again when it repeats the
 * write. So the exchange ends before its commit.
 */
const commitSeconds = 4

/** Sets up a store in which commits of active connections take `commitSeconds`. Reads do not. */
const setUpSlowCommits = async () => {
  const { store, pool, schema, table } = await openStore()
  await pool.query(`CREATE FUNCTION "${schema}".delay() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(${commitSeconds}); RETURN NULL; END $$`)
  await pool.query(`CREATE CONSTRAINT TRIGGER delay AFTER INSERT OR UPDATE ON ${table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'active')
    EXECUTE FUNCTION "${schema}".delay()`)
  const emulator = createEmulator({ dataCenters: ['eu'] })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  const { client, dataCenters } = emulator
  /** Creates a client without a cache, as a new process would. */
  const createClient = () =>
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
  return { emulator, createClient }
}

// G3 in docs/trust.md: a write whose outcome is unknown is not treated as refused.
it(
  'G3: a connection whose commit outlasts the write timeout is kept, and works after it',
  { timeout: 60_000 },
  async () => {
    const { emulator, createClient } = await setUpSlowCommits()
    const { code } = emulator.issueSelfClientCode({ scope, dataCenter: 'eu' })
    const acme = createClient().connection('acme')
    const error = await acme.exchangeSelfClientCode(code, { principal: 'ann' }).then(
      () => undefined,
      (thrown: RecruitOAuthError) => thrown,
    )
    // `errors[0]` is the store's error. Its commit may still arrive, so the write is neither known
    // to be applied nor known to be refused.
    expect([error?.code, error?.errors?.[0]?.written]).toEqual(['grant-outcome-unknown', 'unknown'])
    expect((await acme.status()).status).toBe('none')
    expect(emulator.calls().revoke).toBe(0)
    while ((await createClient().connection('acme').status()).status !== 'active') await sleep(100)
    await createClient().recover()
    expect((await createClient().connection('acme').fetch('Candidates')).status).toBe(200)
    expect([emulator.tokens().refreshTokens.length, emulator.calls().revoke]).toEqual([1, 0])
  },
)
