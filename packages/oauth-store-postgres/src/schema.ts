import { RecruitOAuthError } from '@zrecruit/oauth-core'

/**
 * Each entry takes the schema one version up; entries are added, never changed. Older processes go
 * on while a newer one migrates, so an entry only adds what the older statements can live with.
 *
 * COLLATE "C": text compares octet by octet, whatever the database's own order is.
 */
export const migrations: readonly ((place: string) => string)[] = [
  (place) => `CREATE TABLE ${place}zrecruit_connections (
      id text COLLATE "C" PRIMARY KEY,
      revision text COLLATE "C" NOT NULL,
      status text COLLATE "C" NOT NULL,
      pending boolean NOT NULL,
      principal text COLLATE "C",
      data_center text COLLATE "C",
      envelope text COLLATE "C" NOT NULL
    );
    CREATE INDEX zrecruit_connections_by_principal ON ${place}zrecruit_connections (principal, id);
    CREATE INDEX zrecruit_connections_pending ON ${place}zrecruit_connections (id) WHERE pending;`,
]

/**
 * SQLSTATEs of our own, by which `translated` knows what the statement found. The last digits of
 * `newer` are the version.
 */
export const refusals = { notUtf8: 'ZRUTF', newer: /^ZR(\d{3})$/ }

/**
 * One statement that brings any older schema, or none, to `steps`. It runs in one transaction, one
 * process after another.
 * @param place of the tables: `"auth".`, or empty for where the search path leads
 */
export const schemaIn = (place: string, steps = migrations): string => `DO $zrecruit$
DECLARE
  standing integer;
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'zrecruit needs a database whose encoding is UTF8' USING ERRCODE = '${refusals.notUtf8}';
  END IF;
  PERFORM pg_advisory_xact_lock(8245931760274185);
  IF to_regclass('${place}zrecruit_schema') IS NULL THEN
    CREATE TABLE ${place}zrecruit_schema (one integer PRIMARY KEY CHECK (one = 1), version integer NOT NULL);
  END IF;
  standing := coalesce((SELECT version FROM ${place}zrecruit_schema), 0);
  IF standing > ${steps.length} THEN
    RAISE EXCEPTION 'zrecruit_schema has version %; this release knows versions up to ${steps.length}', standing USING ERRCODE = 'ZR' || lpad(standing::text, 3, '0');
  END IF;
${steps
  .map(
    (step, index) => `  IF standing < ${index + 1} THEN
    ${step(place)}
  END IF;`,
  )
  .join('\n')}
  IF standing < ${steps.length} THEN
    INSERT INTO ${place}zrecruit_schema VALUES (1, ${steps.length}) ON CONFLICT (one) DO UPDATE SET version = excluded.version;
  END IF;
END
$zrecruit$`

/**
 * The schema as one statement, for migrations of your own; `store.migrate()` runs the same. It can
 * be run again, also by several at once, and does nothing where all is done. The tables come to be
 * where the search path leads.
 */
export const postgresSchema: string = /* @__PURE__ */ schemaIn('')

/**
 * What stands before a table's name in a statement.
 * @throws `configuration-invalid`
 */
export const placeOf = (schema: unknown): string => {
  if (schema === undefined) return ''
  if (typeof schema !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema))
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The `schema` of the PostgreSQL store is not a name.',
      hint: 'Use at most 63 ASCII letters, digits and _, not beginning with a digit.',
    })
  return `"${schema}".`
}
