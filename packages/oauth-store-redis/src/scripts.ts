import { createHash } from 'node:crypto'

/** A command of the store. The server runs it as one atomic step. */
export interface Script {
  readonly text: string
  /** The key of the script in the server's cache, where EVALSHA finds it, and EVAL stores it. */
  readonly sha1: string
}

const script = (text: string): Script => ({
  text,
  sha1: createHash('sha1').update(text).digest('hex'),
})

// All replies are lists of strings. A client returns such a list in the same way with every
// protocol version and type mapping.
//
// A replica, or a primary with fewer replicas than `min-replicas-to-write`, may have stale data and
// must not answer a read. It refuses commands that write, but not commands that read. So a script
// that changes nothing begins with a writing command without effect: PERSIST on the hash of the
// fields, which has no time to live. The script continues after MISCONF: the server cannot save to
// disk, but its memory is current.
const requirePrimary = `
local refused = redis.pcall('PERSIST', KEYS[1])
if type(refused) == 'table' and not string.find(refused.err, 'MISCONF', 1, true) then
  return refused
end`

/**
 * KEYS: fields, envelope (see `Keys`). ARGV: id. Returns seconds, microseconds, and the fields and
 * envelope of the record, if it exists.
 */
export const read = script(`${requirePrimary}
local fields, envelope = redis.call('HGET', KEYS[1], ARGV[1]), redis.call('GET', KEYS[2])
if (not fields) ~= (not envelope) then return redis.error_reply('HALFRECORD') end
local time = redis.call('TIME')
if fields then time[3] = fields; time[4] = envelope end
return time`)

/**
 * KEYS: fields, envelope, index. ARGV: id, expected revision or 'absent', the fields of the next
 * record or '', its envelope. Returns seconds, microseconds, '1' if written.
 *
 * A full memory cannot stop the script in the middle, because Redis checks the memory only before
 * the first write. A missing permission can. So the script adds an index entry before the record,
 * and removes it after the record: the index may have an entry too many, but none is missing. Half
 * a record leads to HALFRECORD when it is read or listed. The fields contain a random id of the
 * call. If a Redis client repeats the call after a lost connection, it gets the reply '1' that it
 * missed, as long as the record is stored. A repeated removal gets '0'.
 */
export const write = script(`
local id, expected = ARGV[1], ARGV[2]
local stored = redis.call('HGET', KEYS[1], id)
local before = stored and cjson.decode(stored)
local after = ARGV[3] ~= '' and cjson.decode(ARGV[3])

local function reply(written)
  local time = redis.call('TIME')
  time[3] = written
  return time
end
local function entries(record)
  local found = {}
  if not record then return found end
  found['all:' .. id] = true
  if record.pending then found['pending:' .. id] = true end
  if record.principal then
    local owned = #record.principal .. ':' .. record.principal .. ':' .. id
    found['principal:' .. owned] = true
    if record.pending then found['principal-pending:' .. owned] = true end
  end
  return found
end

local matches
if expected == 'absent' then
  matches = not before
else
  matches = before and before.revision == expected
end
if not matches or not (before or after) then
${requirePrimary}
  local isRepeated = before and after and before.call == after.call
  return reply((matches or isRepeated) and '1' or '0')
end

local old, new = entries(before), entries(after)
for entry in pairs(new) do
  if not old[entry] then redis.call('ZADD', KEYS[3], 0, entry) end
end
if after then
  redis.call('SET', KEYS[2], ARGV[4])
  redis.call('HSET', KEYS[1], id, ARGV[3])
else
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', KEYS[1], id)
end
for entry in pairs(old) do
  if not new[entry] then redis.call('ZREM', KEYS[3], entry) end
end
return reply('1')`)

/**
 * KEYS: fields, index. ARGV: start and end of the range, its limit, number of bytes before the id.
 * Returns id, fields, id, fields…
 */
export const list = script(`${requirePrimary}
local entries = redis.call('ZRANGE', KEYS[2], ARGV[1], ARGV[2], 'BYLEX', 'LIMIT', 0, ARGV[3])
if #entries == 0 then return entries end
local ids = {}
for n, entry in ipairs(entries) do ids[n] = string.sub(entry, ARGV[4] + 1) end
local rows = {}
for n, fields in ipairs(redis.call('HMGET', KEYS[1], unpack(ids))) do
  if not fields then return redis.error_reply('HALFRECORD') end
  rows[2 * n - 1] = ids[n]
  rows[2 * n] = fields
end
return rows`)
