-- Sets more aside for a reservation that goes on. KEYS: the account's hash. ARGV: numbers with the cap of each
-- purse behind them, r<request>, p<purse>…. Answers {0, added} or {4, epoch}.
local q = KEYS[1]
local epoch, now, more, at = struct.unpack('<i8i8i8', ARGV[1])
--include clock
local got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
if not got[1] or not got[2] then return {0, 0} end
local e, places, soonest, keep, last, shift = struct.unpack('dddddd', got[1])
if e ~= epoch then return {4, e} end
local state, deadline, granted, held, ticket, counted = struct.unpack('dddddd', got[2])
if state ~= 0 or deadline <= math.max(now + shift, last) then return {0, 0} end
local purse = {}
for i = 3, #ARGV do
  local cap
  cap, at = struct.unpack('<i8', ARGV[1], at)
  if not got[i] then return {0, 0} end
  local b, p, r, used = struct.unpack('dddd', got[i])
  if b < 0 then return {0, 0} end
  more = math.min(more, cap - b - p - r)
  purse[i] = {b, p, r, used}
end
if more <= 0 then return {0, 0} end
local put = {}
for i, each in pairs(purse) do
  put[#put + 1] = ARGV[i]
  put[#put + 1] = struct.pack('dddd', each[1], each[2], each[3] + more, each[4])
end
redis.call('HSET', q, ARGV[2], struct.pack('dddddd', state, deadline, granted, held + more, ticket, counted) ..
  string.sub(got[2], 49), unpack(put))
return {0, more}
