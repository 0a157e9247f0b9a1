-- Makes sure that there is a hash of this epoch, so that its later absence says something, and that it has a name
-- which no hash has that is made in its place. KEYS: the account's hash. ARGV: epoch, a name that is new. Answers
-- {0, its name} or {4, epoch}.
local q = KEYS[1]
local epoch = struct.unpack('<i8', ARGV[1])
local got = redis.call('HMGET', q, 'a', 'i')
local name = got[2]
if got[1] then
  local e, places, soonest, keep, last, shift = struct.unpack('dddddd', got[1])
  if e > epoch then return {4, e} end
  if e < epoch then
    --include reset
    name = false
  end
else
  redis.call('HSET', q, 'a', struct.pack('dddddd', epoch, 0, 9e15, 0, 0, 0))
  redis.call('PEXPIRE', q, 7200000)
end
if not name then
  name = ARGV[2]
  redis.call('HSET', q, 'i', name)
end
return {0, name}
