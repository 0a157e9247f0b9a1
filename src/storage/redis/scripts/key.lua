-- What a turn has for one key: what its ended calls change of it, then its demands, all with the same limits. The
-- step: k<key>, its window among KEYS, how many demands; if any: generation, requests and tokens (-1: no limit) of a
-- minute, places of the account (0: no limit) and of the key (-1: no limit), lease, was the record just read in the
-- store, is there a wallet, how many purses; p<purse>, is it a wallet, its cap…; the demands (demand.lua).
local key, window, asked
key, window, asked, at = read('<HHH', steps, at)
local w, record, freed, fix = KEYS[window], got[key], ended and ended[key], fixes and fixes[key]
local gen, flight, first, head, count, sum, oldest, newest, newest_tokens, used, log_keep =
  -1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0
local is_changed = false
if record then
  gen, flight, first, head, count, sum, oldest, newest, newest_tokens, used, log_keep = read('<ddddddddddd', record)
  if freed then
    flight = flight > freed and flight - freed or 0
    ended[key], is_changed = nil, true
  end
  if fix then
    --include fix
  end
end
if asked > 0 then
  local generation, rate, token_limit, account_places, key_places, lease, just_read, wallets, many
  generation, rate, token_limit, account_places, key_places, lease, just_read, wallets, many, at =
    read('<ddddddBBH', steps, at)
  --include window
  local names, wanted, wallet, cap, budget = fields[key], {0}, {0}, {0}, nil
  for i = 1, many do
    local each
    each, wallet[i], cap[i], at = read('<HBd', steps, at)
    names = names .. '\0' .. fields[each]
    local purse = got[each]
    --include purse
    wanted[i] = purse
    if not budget and wallet[i] == 0 then budget = i end
  end
  local deadline, granted, entries, newest_before, sum_before = now + lease, 0, '', newest, sum
  for _ = 1, asked do
    --include demand
  end
  if granted > 0 then
    if token_limit < 0 then entries = string.rep(write('<dd', now, -1), granted) end
    --include append
  end
  if granted > 0 or popped >= 16 then is_changed, used = true, now end
end
if is_changed then
  record = write('<ddddddddddd', gen, flight, first, head, count, sum, oldest, newest, newest_tokens, used, log_keep)
  got[key] = record
  put[puts + 1], put[puts + 2] = fields[key], record
  puts = puts + 2
end
