import type { TestContext } from '../experiment.ts'
import type { StartedStore } from '../stores.ts'

/** Makes commits take up to a number of seconds. The returned function ends the delay. */
export type StallCommits = (seconds: number) => Promise<() => Promise<void>>

/**
 * Makes PostgreSQL wait during the commit, by a deferred constraint trigger that sleeps. Meanwhile
 * the rows are locked, reads return the old row, and the commit happens even if the client gives
 * up.
 */
export const stallPostgres = async (
  { atEnd }: TestContext,
  { url }: StartedStore,
): Promise<StallCommits> => {
  const { Pool } = (await import('pg')).default
  const pool = new Pool({ connectionString: url, max: 1 })
  pool.on('error', () => undefined)
  atEnd(() => pool.end())
  await pool.query(`
    CREATE TABLE stalled_commits (seconds float8 NOT NULL);
    INSERT INTO stalled_commits VALUES (0);
    CREATE FUNCTION stall_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_sleep(seconds * (0.3 + 0.7 * random())) FROM stalled_commits
        WHERE seconds > 0 AND random() < 0.6;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER stall_commit AFTER INSERT OR UPDATE OR DELETE ON zrecruit_connections
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stall_commit()`)
  return async (seconds) => {
    await pool.query('UPDATE stalled_commits SET seconds = $1', [seconds])
    return async () => void (await pool.query('UPDATE stalled_commits SET seconds = 0'))
  }
}
