-- Puts a key's record in its place unless one as new is there. KEYS: the record. ARGV: generation, text, life in
-- milliseconds. Answers 1 when it is in place.
local known = redis.call('GET', KEYS[1])
if known and tonumber(string.match(known, '^%d+')) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
