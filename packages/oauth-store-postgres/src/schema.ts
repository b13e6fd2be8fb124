import { RecruitOAuthError } from '@zrecruit/oauth-core'

/**
 * Each entry migrates the schema to the next version. Entries are added, never changed. Older
 * processes continue while a newer one migrates, so an entry must stay compatible with older
 * statements.
 *
 * COLLATE "C": text compares byte by byte, whatever the database's default collation is.
 */
export const migrations: readonly ((prefix: string) => string)[] = [
  (prefix) => `CREATE TABLE ${prefix}zrecruit_connections (
      id text COLLATE "C" PRIMARY KEY,
      revision text COLLATE "C" NOT NULL,
      status text COLLATE "C" NOT NULL,
      pending boolean NOT NULL,
      principal text COLLATE "C",
      data_center text COLLATE "C",
      envelope text COLLATE "C" NOT NULL
    );
    CREATE INDEX zrecruit_connections_by_principal ON ${prefix}zrecruit_connections (principal, id);
    CREATE INDEX zrecruit_connections_pending ON ${prefix}zrecruit_connections (id) WHERE pending;`,
]

/**
 * SQLSTATEs that `schemaStatement` raises itself, and that `toStoreError` recognises. A state that
 * matches `newer` ends in the version of the schema, which is newer than this release.
 */
export const raisedStates = { notUtf8: 'ZRUTF', newer: /^ZR(\d{3})$/ }

/**
 * One statement that migrates any older schema, or an empty database, through all `steps`. It is
 * one transaction, and a lock lets processes run it one after another.
 * @param prefix the quoted PostgreSQL schema and a dot, such as `"auth".`; empty for the search
 * path
 */
export const schemaStatement = (prefix: string, steps = migrations): string => `DO $zrecruit$
DECLARE
  current_version integer;
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'zrecruit needs a database whose encoding is UTF8'
      USING ERRCODE = '${raisedStates.notUtf8}';
  END IF;
  PERFORM pg_advisory_xact_lock(8245931760274185);
  IF to_regclass('${prefix}zrecruit_schema') IS NULL THEN
    CREATE TABLE ${prefix}zrecruit_schema (
      one integer PRIMARY KEY CHECK (one = 1),
      version integer NOT NULL
    );
  END IF;
  current_version := coalesce((SELECT version FROM ${prefix}zrecruit_schema), 0);
  IF current_version > ${steps.length} THEN
    RAISE EXCEPTION 'zrecruit_schema has version %; this release supports up to ${steps.length}',
      current_version USING ERRCODE = 'ZR' || lpad(current_version::text, 3, '0');
  END IF;
${steps
  .map(
    (step, index) => `  IF current_version < ${index + 1} THEN
    ${step(prefix)}
  END IF;`,
  )
  .join('\n')}
  IF current_version < ${steps.length} THEN
    INSERT INTO ${prefix}zrecruit_schema VALUES (1, ${steps.length})
      ON CONFLICT (one) DO UPDATE SET version = excluded.version;
  END IF;
END
$zrecruit$`

/**
 * The table definitions as one statement, for your own migrations. It creates the tables in the
 * first PostgreSQL schema of the search path, and running it again changes nothing. Several
 * processes may run it at the same time in transactions with READ COMMITTED. With a stricter
 * isolation level one of them can fail and must run it again. `store.migrate()` does this itself,
 * and creates the tables in the option `schema`.
 */
export const postgresSchema: string = /* @__PURE__ */ schemaStatement('')

/**
 * The prefix of a table's name in a statement: `"auth".`, or empty.
 * @throws `configuration-invalid`
 */
export const tablePrefix = (schema: unknown): string => {
  if (schema === undefined) return ''
  if (typeof schema !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema))
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The `schema` of the PostgreSQL store is not a name.',
      hint: 'Use at most 63 ASCII letters, digits and _, not beginning with a digit.',
    })
  return `"${schema}".`
}
