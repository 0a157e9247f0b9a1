-- One step over every limit of a call (ports/quota_store.hpp). KEYS: the account's hash, the key's window.
-- ARGV: numbers, r<request>, k<key>, p<purse>…; behind the numbers, for each purse: is it a wallet, its cap.
-- Answers {0, amount, …} granted, {1, why, which, wait, …} refused, {2, purse…} not known, {3} an older record,
-- {4, epoch} a later epoch, {5} too late, {6} another key's reservation. The rest of a grant and a refusal: requests
-- that count, until none does, tokens that count, until none does, and what the purse shown has spent and reserved.
local q, w = KEYS[1], KEYS[2]
local epoch, now, latest, generation, rate, token_limit, tokens, account_places, key_places, bound, least, lease,
  just_read, at = struct.unpack('<i8i8i8i8i8i8i8i8i8i8i8i8i8', ARGV[1])
--include clock
if latest >= 0 and now > latest then return {5} end
local got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
--include account
if now >= soonest then
  --include reap
  got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
end

local gen, flight, base, head, count, sum, oldest, newest, newest_tokens, used, log_keep = -1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0
if got[3] then
  gen, flight, base, head, count, sum, oldest, newest, newest_tokens, used, log_keep =
    struct.unpack('ddddddddddd', got[3])
end
--include window

local purses = #ARGV - 3
local bases, pending, spent, reserved, wallet, cap = {}, {}, {}, {}, {}, {}
local shown
for i = 1, purses do
  wallet[i], cap[i], at = struct.unpack('<i8i8', ARGV[1], at)
  if got[3 + i] then
    bases[i], pending[i], reserved[i] = struct.unpack('ddd', got[3 + i])
    if bases[i] >= 0 then spent[i] = bases[i] + pending[i] end
  end
  if not shown and wallet[i] == 0 then shown = i end
end

local lapsed
if got[2] then
  local state, deadline, granted, held, ticket, counted, names = struct.unpack('dddddds', got[2])
  if state == 2 then return {5} end
  if names ~= ARGV[3] then return {6} end
  if state == 0 then
    return {0, granted, count, count > 0 and newest + 60e6 - now or 0, sum,
      count > 0 and newest_tokens >= 0 and newest_tokens + 60e6 - now or 0,
      shown and spent[shown] or 0, shown and reserved[shown] or 0}
  end
end
-- Nobody has told these counters of the key yet, or they were lost: then only what the store says now is good.
if generation < gen or gen < 0 and just_read == 0 then return {3} end
local changed = generation > gen or popped >= 16
gen = generation

local why, which, wait = nil, 0, 0
local amount = bound
if count >= rate then
  why = 0
  if rate > 0 then
    local place = (head + count - rate) * 16
    local bytes = redis.call('GETRANGE', w, place, place + 7)
    wait = (#bytes == 8 and struct.unpack('d', bytes) or newest) + 60e6 - now
  end
elseif token_limit >= 0 and sum + tokens > token_limit then
  why = 1
  if tokens > token_limit then
    which = 1
  else
    local until_room
    do
      --include room
      until_room = wait
    end
    wait = until_room
  end
elseif account_places > 0 and places >= account_places then
  why = 2
elseif key_places >= 0 and flight >= key_places then
  why, which = 2, 1
elseif purses > 0 then
  local cold
  for i = 1, purses do
    if not spent[i] then
      cold = cold or {2}
      cold[#cold + 1] = i
    end
  end
  if cold then return cold end
  for kind = 0, 1 do
    for i = 1, purses do
      if wallet[i] == kind then
        local left = cap[i] - spent[i] - reserved[i]
        if left < amount then amount = left > 0 and left or 0 end
        if not why and left < least then
          why, which, shown = spent[i] + least > cap[i] and 3 + kind or 5, i, i
        end
      end
    end
  end
end
if why then
  if changed then
    redis.call('HSET', q, ARGV[3],
      struct.pack('ddddddddddd', gen, flight, base, head, count, sum, oldest, newest, newest_tokens, now, log_keep),
      'a', struct.pack('dddddd', e, places, soonest, keep, now, shift))
    if keep == 0 then redis.call('PEXPIRE', q, 7200000) end
  end
  return {1, why, which, wait, count, count > 0 and newest + 60e6 - now or 0, sum,
    count > 0 and newest_tokens >= 0 and newest_tokens + 60e6 - now or 0,
    shown and spent[shown] or 0, shown and reserved[shown] or 0}
end

if head > 0 and (count == 0 or head >= 1024) then
  local rest = count > 0 and redis.call('GETRANGE', w, head * 16, -1)
  redis.call('DEL', w)
  if rest then redis.call('APPEND', w, rest) end
  base, head, log_keep = base + head, 0, 0
end
local ticket = base + head + count
local entry = struct.pack('dd', now, token_limit >= 0 and tokens or -1)
if redis.call('APPEND', w, entry) ~= (head + count + 1) * 16 then
  -- The window was lost while it counted: as if all of it had come with its last.
  local lost = count > 0 and string.rep(struct.pack('dd', newest, 0), count - 1) .. struct.pack('dd', newest, sum) or ''
  redis.call('SET', w, string.rep('\0', head * 16) .. lost .. entry)
  if count > 0 then oldest = newest end
  log_keep = 0
end
if count == 0 then oldest = now end
count, newest, flight, places = count + 1, now, flight + 1, places + 1
if token_limit >= 0 then sum, newest_tokens = sum + tokens, now end
if log_keep < now + 90e6 then
  log_keep = now + 180e6
  redis.call('PEXPIRE', w, 180000)
end
local deadline = now + lease
if deadline < soonest then soonest = deadline end
local needed = deadline + 3600e6
local renews = keep < needed
if renews then keep = needed + 1800e6 end
local put = {}
for i = 1, purses do
  reserved[i] = reserved[i] + amount
  put[2 * i - 1], put[2 * i] = ARGV[3 + i], struct.pack('dddd', bases[i], pending[i], reserved[i], now)
end
redis.call('HSET', q, 'a', struct.pack('dddddd', e, places, soonest, keep, now, shift), ARGV[3],
  struct.pack('ddddddddddd', gen, flight, base, head, count, sum, oldest, newest, newest_tokens, now, log_keep),
  ARGV[2], struct.pack('dddddd', 0, deadline, amount, amount, token_limit >= 0 and ticket or -1, tokens) ..
    table.concat(ARGV, '\0', 3) .. '\0', unpack(put))
if renews then redis.call('PEXPIRE', q, (keep - now) / 1000) end
return {0, amount, count, 60e6, sum, newest_tokens >= 0 and newest_tokens + 60e6 - now or 0,
  shown and spent[shown] or 0, shown and reserved[shown] or 0}
