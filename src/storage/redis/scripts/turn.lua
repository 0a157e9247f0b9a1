-- All that a worker's turn has for one account (ports/quota_store.hpp): first the calls that have ended, then the
-- demands, key by key. KEYS: the account's hash, windows of its keys. ARGV: the steps, then p<purse>…, k<key>…,
-- r<request>…; steps name them by their place in ARGV. The steps, packed without gaps: epoch, now (-1: the server's
-- clock, -2: no matter), latest (-1: none; after it demands are void), how many purses, ends, keys, demands; the ends (end.lua); the
-- keys (key.lua). Answers {4, epoch} (a later epoch), or the answers of the demands, one behind the other (demand.lua).
local call, read, write = redis.call, struct.unpack, struct.pack
local fields = ARGV
local q, steps = KEYS[1], fields[1]
local epoch, now, latest, purses, ends, keys, demands, at = read('<dddHHHH', steps)
local is_timeless = now == -2
if is_timeless then now = 9e15 end
--include clock
local is_late = latest >= 0 and now > latest
local got = call('HMGET', q, 'a', unpack(ARGV, 2))
--include account
if is_timeless then now = last end
if now >= soonest then
  --include reap
  got = call('HMGET', q, 'a', unpack(ARGV, 2))
end
-- Tables are costly, and those that grow more so: these begin with room, and only if there is something for them.
local put, puts, goes, outs, renews = {unpack(fields)}, 0, 0, 0, false
local gone, ended, out, fixes
if ends > 0 then gone, ended = {unpack(fields, 1, ends)}, {} end
if demands > 0 then out = {unpack(fields, 1, demands)} end
for _ = 1, ends do
  --include end
end
for _ = 1, keys do
  --include key
end
if puts > 0 or goes > 0 then
  for i = 2, 1 + purses do
    local purse = got[i]
    if purse and purse[1] then
      put[puts + 1], put[puts + 2] = fields[i], write('<dddd', purse[1], purse[2], purse[3], now)
      puts = puts + 2
    end
  end
  if keep == 0 then renews, keep = true, now + 7200e6 end
  call('HSET', q, 'a', write('<dddddd', e, places, soonest, keep, now, shift), unpack(put, 1, puts))
  if goes > 0 then call('HDEL', q, unpack(gone, 1, goes)) end
  if renews then call('PEXPIRE', q, math.ceil((keep - now) / 1000)) end
end
return out and table.concat(out) or ''
