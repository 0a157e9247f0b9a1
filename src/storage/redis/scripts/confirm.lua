-- The ledger has counted calls of one worker: its totals are a floor from now on, and what it has counted is no
-- longer pending. Also said with a negative amount, by a worker that tells a new epoch what the ledger does not have
-- yet. Each message counts once, by its number. KEYS: the account's hash. ARGV: numbers with the total (-1: none) and
-- the counted amount of each purse behind them, s<worker>, p<purse>…. Answers {0} or {4, epoch}.
local q = KEYS[1]
local epoch, now, sequence, at = struct.unpack('<i8i8i8', ARGV[1])
--include clock
local got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
--include account
if got[2] and struct.unpack('d', got[2]) >= sequence then return {0} end
local put = {}
for i = 3, #ARGV do
  local total, counted
  total, counted, at = struct.unpack('<i8i8', ARGV[1], at)
  if got[i] or counted < 0 then
    local b, p, r = -1, 0, 0
    if got[i] then b, p, r = struct.unpack('ddd', got[i]) end
    if b >= 0 then
      b = math.max(b, total)
    elseif total >= 0 then
      -- Not known yet, and not less than this: warm.lua may bring an older total.
      b = math.min(b, -2 - total)
    end
    put[#put + 1] = ARGV[i]
    put[#put + 1] = struct.pack('dddd', b, math.max(p - counted, 0), r, now)
  end
end
local is_new = keep == 0
if is_new then keep = now + 7200e6 end
redis.call('HSET', q, 'a', struct.pack('dddddd', e, places, soonest, keep, last, shift),
  ARGV[2], struct.pack('d', sequence), unpack(put))
if is_new then redis.call('PEXPIRE', q, 7200000) end
return {0}
