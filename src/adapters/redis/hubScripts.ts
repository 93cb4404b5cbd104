import { Script } from './Script.ts';

/*
 * One hub is a handful of keys with one hash tag, so that a cluster keeps them together; scripts are told the first and
 * know the others by it.
 *
 *   meta     place: of the last delta; trimmed: the log holds what came after it; base, basePlace; v, control
 *   log      place -> replica \n delta
 *   lives    label -> how often it joined
 *   flushed  life -> its last flush;  flushedAt: when, to forget the oldest
 *   cursors  life -> the place it has read up to;  readers: when it was heard of
 *   waiting  request -> at \n owner \n outcome;  waitingAt: when it was served;  claims: request -> who joins it
 *   joined   requests whose truth is in the log, by when
 *   taken:…  requests of that life that others have joined
 */
const PRELUDE = `
local stem = string.sub(KEYS[1], 1, -5)
local function key(part) return stem .. part end
local function meta(field) return tonumber(redis.call('HGET', KEYS[1], field) or '0') end
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function leave(life)
  redis.call('ZREM', key('readers'), life)
  redis.call('HDEL', key('cursors'), life)
  redis.call('DEL', key('taken:' .. life))
end
`;

/** label, lives capacity -> life, place, base or '', control version, control or '' */
export const joinScript: Script = new Script(`${PRELUDE}
local life = ARGV[1] .. '.' .. redis.call('HINCRBY', key('lives'), ARGV[1], 1)
local at = now()
local base = redis.call('HMGET', KEYS[1], 'basePlace', 'base', 'v', 'control')
local place = base[1] or '0'
redis.call('HSET', key('flushed'), life, 0)
redis.call('ZADD', key('flushedAt'), at, life)
redis.call('HSET', key('cursors'), life, place)
redis.call('ZADD', key('readers'), at, life)
local over = redis.call('ZCARD', key('flushedAt')) - tonumber(ARGV[2])
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', key('flushedAt'), 0, over - 1)) do
    redis.call('HDEL', key('flushed'), old)
  end
  redis.call('ZREMRANGEBYRANK', key('flushedAt'), 0, over - 1)
end
return {life, place, base[2] or '', base[3] or '0', base[4] or ''}
`);

/** life */
export const leaveScript: Script = new Script(`${PRELUDE}
leave(ARGV[1])
return 1
`);

/** expected version, control, channel -> ok, version, control */
export const proposeScript: Script = new Script(`${PRELUDE}
local version = meta('v')
local held = redis.call('HGET', KEYS[1], 'control') or ''
if version ~= tonumber(ARGV[1]) then
  local same = version == tonumber(ARGV[1]) + 1 and held == ARGV[2]
  return {same and 1 or 0, version, held}
end
redis.call('HSET', KEYS[1], 'v', version + 1, 'control', ARGV[2])
redis.call('PUBLISH', ARGV[3], version + 1)
return {1, version + 1, ARGV[2]}
`);

/**
 * life, at, cursor, control version, flush id or '', delta or '', base or '', at once, waiting capacity, waiting ms,
 * silence ms, numbers of waiting, joined, claims and released, and these: three each for waiting, one each for the others
 * -> flush, deltas, cursor, more, behind, length, control version, control or '', claims (status, outcome), taken
 */
export const exchangeScript: Script = new Script(`${PRELUDE}
local life, at, cursor = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local atOnce, capacity, waitingMs, silenceMs = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local time = now()
local place = meta('place')
local trimmed = meta('trimmed')
local next = 16
local function take()
  next = next + 1
  return ARGV[next - 1]
end

redis.call('HSET', key('cursors'), life, cursor)
redis.call('ZADD', key('readers'), time, life)

local function forget(id)
  redis.call('HDEL', key('waiting'), id)
  redis.call('HDEL', key('claims'), id)
  redis.call('ZREM', key('waitingAt'), id)
end
local function keep(fresh)
  for _ = 1, tonumber(ARGV[12]) do
    local id, since, outcome = take(), take(), take()
    local known = redis.call('ZSCORE', key('joined'), id) or redis.call('HEXISTS', key('waiting'), id) == 1
    if fresh and not known then
      redis.call('HSET', key('waiting'), id, since .. '\\n' .. life .. '\\n' .. outcome)
      redis.call('ZADD', key('waitingAt'), since, id)
    end
  end
  for _ = 1, tonumber(ARGV[13]) do
    local id = take()
    if fresh then
      forget(id)
      redis.call('ZADD', key('joined'), time, id)
    end
  end
  local over = redis.call('ZCARD', key('waitingAt')) - capacity
  if over > 0 then
    for _, id in ipairs(redis.call('ZRANGE', key('waitingAt'), 0, over - 1)) do forget(id) end
  end
  redis.call('ZREMRANGEBYRANK', key('joined'), 0, -capacity - 1)
end
local function fold(base)
  redis.call('HSET', KEYS[1], 'base', base, 'basePlace', place)
  redis.call('HSET', key('cursors'), life, place)
  local upTo = place
  for _, read in ipairs(redis.call('HVALS', key('cursors'))) do
    if tonumber(read) < upTo then upTo = tonumber(read) end
  end
  for old = trimmed + 1, upTo do redis.call('HDEL', key('log'), old) end
  if upTo > trimmed then trimmed = upTo end
  redis.call('HSET', KEYS[1], 'trimmed', trimmed)
end

local last = redis.call('HGET', key('flushed'), life)
local flush = 'none'
local fresh = false
local before = place
if ARGV[5] ~= '' then
  local id = tonumber(ARGV[5])
  if not last then
    flush = 'refused'
  elseif id <= tonumber(last) then
    flush = 'applied'
  else
    fresh = true
    flush = id == tonumber(last) + 1 and 'applied' or 'gap'
    redis.call('HSET', key('flushed'), life, id)
    redis.call('ZADD', key('flushedAt'), time, life)
    if ARGV[6] ~= '' then
      place = place + 1
      redis.call('HSET', KEYS[1], 'place', place)
      redis.call('HSET', key('log'), place, life .. '\\n' .. ARGV[6])
    end
  end
end
keep(fresh)
if fresh and ARGV[7] ~= '' and before == cursor then fold(ARGV[7]) end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('waitingAt'), '-inf', '(' .. (at - waitingMs), 'LIMIT', 0, 1000)) do
  forget(id)
end
for _, silent in ipairs(redis.call('ZRANGEBYSCORE', key('readers'), '-inf', '(' .. (time - silenceMs))) do leave(silent) end

local behind = cursor < trimmed and before ~= cursor or not last
local deltas = {}
local upTo = cursor
if not behind then
  upTo = math.min(place, cursor + atOnce)
  for read = math.max(cursor, trimmed) + 1, upTo do
    local entry = redis.call('HGET', key('log'), read)
    local line = string.find(entry, '\\n', 1, true)
    if string.sub(entry, 1, line - 1) ~= life then deltas[#deltas + 1] = string.sub(entry, line + 1) end
  end
end

local claimed = {}
for _ = 1, tonumber(ARGV[14]) do
  local id = take()
  local entry = redis.call('HGET', key('waiting'), id)
  local owner = redis.call('HGET', key('claims'), id)
  if redis.call('ZSCORE', key('joined'), id) or (owner and owner ~= life) then
    claimed[#claimed + 1] = 'taken'
    claimed[#claimed + 1] = ''
  elseif not entry then
    claimed[#claimed + 1] = 'unknown'
    claimed[#claimed + 1] = ''
  else
    local first = string.find(entry, '\\n', 1, true)
    local second = string.find(entry, '\\n', first + 1, true)
    local server = string.sub(entry, first + 1, second - 1)
    if not owner and server ~= life and redis.call('ZSCORE', key('readers'), server) then
      redis.call('SADD', key('taken:' .. server), id)
    end
    redis.call('HSET', key('claims'), id, life)
    claimed[#claimed + 1] = string.sub(entry, 1, first - 1)
    claimed[#claimed + 1] = string.sub(entry, second + 1)
  end
end
for _ = 1, tonumber(ARGV[15]) do redis.call('SREM', key('taken:' .. life), take()) end
local taken = redis.call('SRANDMEMBER', key('taken:' .. life), atOnce)

local held = redis.call('HMGET', KEYS[1], 'v', 'control')
local version = held[1] or '0'
local control = version ~= ARGV[4] and held[2] or ''
return {flush, deltas, upTo, upTo < place and not behind and 1 or 0, behind and 1 or 0, place - meta('basePlace'), version, control, claimed, taken}
`);

/** Forgets a hub. */
export const removeScript: Script = new Script(`${PRELUDE}
for _, life in ipairs(redis.call('HKEYS', key('flushed'))) do redis.call('DEL', key('taken:' .. life)) end
for _, part in ipairs({'meta', 'log', 'lives', 'flushed', 'flushedAt', 'cursors', 'readers', 'waiting', 'waitingAt', 'claims', 'joined'}) do
  redis.call('DEL', key(part))
end
return 1
`);
