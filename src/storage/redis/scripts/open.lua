-- Makes sure that there is a hash of this epoch, so that its later absence says something. KEYS: the account's hash.
-- Answers {0} or {4, epoch}.
local q = KEYS[1]
local epoch = struct.unpack('<i8', ARGV[1])
local got = {redis.call('HGET', q, 'a')}
if got[1] then
  local e, places, soonest, keep, last, shift = struct.unpack('dddddd', got[1])
  if e > epoch then return {4, e} end
  if e < epoch then
    --include reset
  end
  return {0}
end
redis.call('HSET', q, 'a', struct.pack('dddddd', epoch, 0, 9e15, 0, 0, 0))
redis.call('PEXPIRE', q, 7200000)
return {0}
