import { Script } from './Script.ts';

/*
 * One hub is a handful of keys with one hash tag, so that a cluster keeps them together; scripts are told the first and
 * know the others by it.
 *
 *   meta     born: when there was nothing here; rewound: how often the server had lost the end of the log; place: of the
 *            last delta; trimmed: the log holds what came after it; base, basePlace; v, control
 *   log      place -> replica \n delta
 *   flushed  life -> its last flush;  flushedAt: when, to forget the oldest
 *   cursors  life -> the place it has read up to;  readers: when it was heard of
 *   waiting  request -> at \n owner \n outcome;  waitingAt: when it was served;  claims: request -> who joins it
 *   joined   requests whose truth is in the log, by when
 *   taken:…  requests of that life that others have joined
 *
 * A cursor is the log's history and a place in it: `born.rewound:place`. One of another history says nothing about this log.
 * All times are the server's: replicas disagree about theirs.
 */
/** A round carries no more ids of outcomes that others have joined. */
const IDS_AT_ONCE = 1000;

const PRELUDE = `
local stem = string.sub(KEYS[1], 1, -5)
local function key(part) return stem .. part end
local function meta(field) return tonumber(redis.call('HGET', KEYS[1], field) or '0') end
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function history()
  if redis.call('HEXISTS', KEYS[1], 'born') == 0 then
    local time = redis.call('TIME')
    redis.call('HSET', KEYS[1], 'born', time[1] .. '-' .. time[2])
  end
  local told = redis.call('HMGET', KEYS[1], 'born', 'rewound')
  return told[1], told[1] .. '.' .. (told[2] or '0') .. ':'
end
local function leave(life)
  redis.call('ZREM', key('readers'), life)
  redis.call('HDEL', key('cursors'), life)
  redis.call('DEL', key('taken:' .. life))
end
`;

/**
 * label, lives capacity -> life, cursor, base or '', control version, control or '', born
 *
 * A life is the label and when it began: counted, it would be given again by a server that has lost the count.
 */
export const joinScript: Script = new Script(`${PRELUDE}
local function base36(n)
  local digits = ''
  repeat
    local digit = n % 36
    digits = string.sub('0123456789abcdefghijklmnopqrstuvwxyz', digit + 1, digit + 1) .. digits
    n = (n - digit) / 36
  until n == 0
  return digits
end
local at = now()
local began = at
local label = string.gsub(ARGV[1], '[\\r\\n]', ' ')
while redis.call('HEXISTS', key('flushed'), label .. '.' .. base36(began)) == 1 do began = began + 1 end
local life = label .. '.' .. base36(began)
local born, log = history()
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
return {life, log .. place, base[2] or '', base[3] or '0', base[4] or '', born}
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
 * life, at, cursor, control version, flush id or '', delta or '', base or '', deltas at once, waiting capacity, waiting ms,
 * silence ms, numbers of waiting, joined, claims and released, and these: three each for waiting, one each for the others,
 * a claim after 1 where its outcome need not be told, 0 elsewhere
 * -> flush, deltas, cursor, more, behind, length, control version, control or '', claims (status, outcome), taken
 */
export const exchangeScript: Script = new Script(`${PRELUDE}
local life, at = ARGV[1], tonumber(ARGV[2])
local atOnce, capacity, waitingMs, silenceMs = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local time = now()
local place = meta('place')
local trimmed = meta('trimmed')
local _, log = history()
local here = string.sub(ARGV[3], 1, #log) == log
local cursor = here and tonumber(string.sub(ARGV[3], #log + 1)) or 0
local next = 16
local function take()
  next = next + 1
  return ARGV[next - 1]
end

if here then
  redis.call('HSET', key('cursors'), life, cursor)
  redis.call('ZADD', key('readers'), time, life)
end

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
      redis.call('ZADD', key('waitingAt'), since + time - at, id)
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
  if last and id <= tonumber(last) then
    flush = 'applied'
  elseif not last or not here then
    flush = 'refused'
  else
    fresh = true
    flush = id == tonumber(last) + 1 and 'applied' or 'gap'
    -- The server has come back without the end of the log: nobody's place in it holds any more.
    if flush == 'gap' then redis.call('HINCRBY', KEYS[1], 'rewound', 1) end
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

for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('waitingAt'), '-inf', '(' .. (time - waitingMs), 'LIMIT', 0, 1000)) do
  forget(id)
end
for _, silent in ipairs(redis.call('ZRANGEBYSCORE', key('readers'), '-inf', '(' .. (time - silenceMs))) do leave(silent) end

if cursor > before then redis.call('HINCRBY', KEYS[1], 'rewound', 1) end
local behind = cursor < trimmed and before ~= cursor or cursor > before or flush == 'gap' or not here or not last
local deltas = {}
local upTo = cursor
if not behind then
  upTo = math.min(place, cursor + atOnce)
  for read = math.max(cursor, trimmed) + 1, upTo do
    -- An entry that was evicted is told as one that nobody can read.
    local entry = redis.call('HGET', key('log'), read) or '\\n'
    local line = string.find(entry, '\\n', 1, true) or 0
    if string.sub(entry, 1, line - 1) ~= life then deltas[#deltas + 1] = string.sub(entry, line + 1) end
  end
end

local claimed = {}
for _ = 1, tonumber(ARGV[14]) do
  local claim = take()
  local holds, id = string.sub(claim, 1, 1) == '1', string.sub(claim, 2)
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
    claimed[#claimed + 1] = holds and '' or string.sub(entry, second + 1)
  end
end
for _ = 1, tonumber(ARGV[15]) do redis.call('SREM', key('taken:' .. life), take()) end
local taken = redis.call('SRANDMEMBER', key('taken:' .. life), ${IDS_AT_ONCE})
local more = upTo < place or #taken < redis.call('SCARD', key('taken:' .. life))

local held = redis.call('HMGET', KEYS[1], 'v', 'control')
local version = held[1] or '0'
local control = version ~= ARGV[4] and held[2] or ''
return {flush, deltas, log .. upTo, more and not behind and 1 or 0, behind and 1 or 0, place - meta('basePlace'), version, control, claimed, taken}
`);

/** Forgets a hub. */
export const removeScript: Script = new Script(`${PRELUDE}
for _, life in ipairs(redis.call('HKEYS', key('flushed'))) do redis.call('DEL', key('taken:' .. life)) end
for _, part in ipairs({'meta', 'log', 'flushed', 'flushedAt', 'cursors', 'readers', 'waiting', 'waitingAt', 'claims', 'joined'}) do
  redis.call('DEL', key(part))
end
return 1
`);
