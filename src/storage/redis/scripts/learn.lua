-- A key has changed: demands with an older record of it are stale from now on. KEYS: the account's hash. ARGV:
-- generation, k<key>.
local q = KEYS[1]
local generation = struct.unpack('<i8', ARGV[1])
local got = redis.call('HMGET', q, 'a', ARGV[2])
local g = {-1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0}
if got[2] then g = {struct.unpack('ddddddddddd', got[2])} end
if g[1] >= generation then return {0} end
g[1] = generation
local t = redis.call('TIME')
g[10] = math.max(g[10], t[1] * 1e6 + t[2])
redis.call('HSET', q, ARGV[2], struct.pack('ddddddddddd', unpack(g, 1, 11)))
if not got[1] then
  redis.call('HSET', q, 'a', struct.pack('dddddd', 0, 0, 9e15, 0, 0, 0))
  redis.call('PEXPIRE', q, 7200000)
end
return {0}
