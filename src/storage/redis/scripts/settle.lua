-- Ends a reservation: frees what it held, adds the cost to what the ledger does not have yet, corrects the tokens.
-- KEYS: the account's hash, the key's window. ARGV: numbers (the last: 1 for a call that was given up before its
-- answer came, whose reservation may arrive later), r<request>, k<key>, p<purse>…. Answers {1} done, {0} nothing to
-- do, {4, epoch} another epoch.
local q, w = KEYS[1], KEYS[2]
local epoch, now, cost, tokens, given_up = struct.unpack('<i8i8i8i8i8', ARGV[1])
local got = redis.call('HMGET', q, 'a', unpack(ARGV, 2))
local e, places, soonest, keep, last, shift = epoch, 0, 9e15, 0, 0, 0
if got[1] then e, places, soonest, keep, last, shift = struct.unpack('dddddd', got[1]) end
if e ~= epoch then return {4, e} end
if not got[2] then
  if given_up == 1 then
    --include clock
    now = math.max(now + shift, last)
    local deadline = now + 10e6
    if deadline < soonest then soonest = deadline end
    redis.call('HSET', q, 'a', struct.pack('dddddd', e, places, soonest, keep, last, shift),
      ARGV[2], struct.pack('dddddd', 2, deadline, 0, 0, -1, 0) .. ARGV[3] .. '\0')
    if keep == 0 then redis.call('PEXPIRE', q, 7200000) end
  end
  return {0}
end
local state, deadline, granted, held, ticket, counted = struct.unpack('dddddd', got[2])
if state == 2 then return {0} end
redis.call('HDEL', q, ARGV[2])
local put = {}
for i = 4, #ARGV do
  if got[i] then
    local b, p, r, used = struct.unpack('dddd', got[i])
    if state == 0 then r = math.max(r - held, 0) end
    put[#put + 1] = ARGV[i]
    put[#put + 1] = struct.pack('dddd', b, p + cost, r, used)
  end
end
if state == 0 then places = places - 1 end
if got[3] then
  local gen, flight, base, head, count, sum, oldest, newest, newest_tokens, used, log_keep =
    struct.unpack('ddddddddddd', got[3])
  if state == 0 and flight > 0 then flight = flight - 1 end
  local index = ticket - base - head
  if ticket >= 0 and index >= 0 and index < count and tokens ~= counted then
    redis.call('SETRANGE', w, (ticket - base) * 16 + 8, struct.pack('d', tokens))
    sum = sum + tokens - counted
  end
  put[#put + 1] = ARGV[3]
  put[#put + 1] =
    struct.pack('ddddddddddd', gen, flight, base, head, count, sum, oldest, newest, newest_tokens, used, log_keep)
end
redis.call('HSET', q, 'a', struct.pack('dddddd', e, places, soonest, keep, last, shift), unpack(put))
return {1}
