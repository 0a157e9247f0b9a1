-- Marks a server as one whose counters are complete in an epoch. Only the founder of the epoch says this, once: a mark
-- that is gone is never set again. KEYS: the mark. ARGV: epoch, the mark's text. Answers the mark as it is now.
local now = redis.call('GET', KEYS[1])
if now and tonumber(string.match(now, '^%d+')) >= tonumber(ARGV[1]) then return now end
redis.call('SET', KEYS[1], ARGV[2])
return ARGV[2]
