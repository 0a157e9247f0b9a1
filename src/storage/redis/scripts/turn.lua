-- All that a worker's turn has for one account (ports/quota_store.hpp): first the calls that have ended, then the
-- demands, key by key. KEYS: the account's hash, windows of its keys. ARGV: the steps, then p<purse>…, k<key>…,
-- r<request>…; steps name them by their place in ARGV. The steps, packed without gaps: epoch, now (-1: the server's
-- clock), latest (-1: none; after it demands are void), how many ends, how many keys; the ends (end.lua); the keys
-- (key.lua). Answers {4, epoch} (a later epoch), or the answers of the demands, one behind the other (demand.lua).
local call, read, write = redis.call, struct.unpack, struct.pack
local q, steps = KEYS[1], ARGV[1]
local epoch, now, latest, ends, keys, at = read('<dddHH', steps)
--include clock
local is_late = latest >= 0 and now > latest
local got = call('HMGET', q, 'a', unpack(ARGV, 2))
--include account
if now >= soonest then
  --include reap
  got = call('HMGET', q, 'a', unpack(ARGV, 2))
end
local put, puts, gone, goes, out, outs = {}, 0, {}, 0, {}, 0
local purses, used_purses, ended, fixes = {}, 0, {}, {}
local renews = false
for _ = 1, ends do
  --include end
end
for _ = 1, keys do
  --include key
end
if puts > 0 or goes > 0 then
  for i = 1, used_purses do
    local each = purses[i]
    local purse = got[each]
    put[puts + 1], put[puts + 2] = ARGV[each], write('<dddd', purse[1], purse[2], purse[3], now)
    puts = puts + 2
  end
  if keep == 0 then renews, keep = true, now + 7200e6 end
  call('HSET', q, 'a', write('<dddddd', e, places, soonest, keep, now, shift), unpack(put))
  if goes > 0 then call('HDEL', q, unpack(gone)) end
  if renews then call('PEXPIRE', q, math.ceil((keep - now) / 1000)) end
end
return table.concat(out)
