-- Teaches the total of a purse, as the ledger has it. KEYS: the account's hash. ARGV: numbers, p<purse>, the hash's name
-- by open.lua. Answers {0}, {2} (that hash is gone, and perhaps another one in its place) or {4, epoch}.
local q = KEYS[1]
local epoch, now, total = struct.unpack('<i8i8i8', ARGV[1])
--include clock
local got = redis.call('HMGET', q, 'a', ARGV[2], 'i')
if not got[1] then return {2} end
local e, places, soonest, keep, last, shift = struct.unpack('dddddd', got[1])
if e ~= epoch then return {4, e} end
if got[3] ~= ARGV[3] then return {2} end
local b, p, r = -1, 0, 0
if got[2] then b, p, r = struct.unpack('ddd', got[2]) end
-- What has been confirmed since the total was read (confirm.lua).
if b <= -2 then b = -2 - b end
redis.call('HSET', q, ARGV[2], struct.pack('dddd', math.max(b, total), p, r, math.max(now + shift, last)))
return {0}
