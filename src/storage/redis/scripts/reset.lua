-- Counters of an earlier epoch: money is told anew by whoever holds it, generations by whoever reads the key's record
-- in the store, for a server that had fallen behind knows old ones. Windows go on.
local all = redis.call('HGETALL', q)
for i = 1, #all, 2 do
  local kind = string.byte(all[i])
  if kind == 107 then
    local g = {struct.unpack('ddddddddddd', all[i + 1])}
    g[1], g[2] = -1, 0
    redis.call('HSET', q, all[i], struct.pack('ddddddddddd', unpack(g, 1, 11)))
  elseif kind ~= 97 then
    redis.call('HDEL', q, all[i])
  end
end
e, places, soonest = epoch, 0, 9e15
redis.call('HSET', q, 'a', struct.pack('dddddd', e, places, soonest, keep, last, shift))
got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
