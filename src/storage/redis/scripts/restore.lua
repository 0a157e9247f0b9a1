-- Tells a new epoch of a call in flight. KEYS: the account's hash. ARGV: numbers, r<request>, k<key>, p<purse>….
-- Once told, a repeat changes nothing. Answers {0} or {4, epoch}.
local q = KEYS[1]
local epoch, now, granted, held, lease = struct.unpack('<i8i8i8i8i8', ARGV[1])
--include clock
local got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
--include account
if got[2] then return {0} end
local g = {-1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0}
if got[3] then g = {struct.unpack('ddddddddddd', got[3])} end
g[2], g[10] = g[2] + 1, now
local put = {}
for i = 4, #ARGV do
  local b, p, r = -1, 0, 0
  if got[i] then b, p, r = struct.unpack('ddd', got[i]) end
  put[#put + 1] = ARGV[i]
  put[#put + 1] = struct.pack('dddd', b, p, r + held, now)
end
local deadline = now + lease
soonest = math.min(soonest, deadline)
local needed = deadline + 3600e6
local renews = keep < needed
if renews then keep = needed + 1800e6 end
redis.call('HSET', q, 'a', struct.pack('dddddd', e, places + 1, soonest, keep, now, shift),
  ARGV[3], struct.pack('ddddddddddd', unpack(g, 1, 11)),
  ARGV[2], struct.pack('dddddd', 0, deadline, granted, held, -1, 0) .. table.concat(ARGV, '\0', 3) .. '\0', unpack(put))
if renews then redis.call('PEXPIRE', q, math.ceil((keep - now) / 1000)) end
return {0}
