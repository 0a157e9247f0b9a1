-- Counts a demand that fits, and remembers what it has been granted.
local ticket = first + head + count
entries = entries .. write('<dd', now, token_limit >= 0 and tokens or -1)
if count == 0 then oldest = now end
count, newest, used, flight, places, is_changed = count + 1, now, now, flight + 1, places + 1, true
if token_limit >= 0 then sum, newest_tokens = sum + tokens, now end
for i = 1, many do
  local purse = wanted[i]
  purse[3] = purse[3] + amount
end
known = write('<dddddds', 0, deadline, amount, amount, token_limit >= 0 and ticket or -1, tokens, names)
got[request] = known
put[puts + 1], put[puts + 2] = ARGV[request], known
puts = puts + 2
if deadline < soonest then soonest = deadline end
if keep < deadline + 3600e6 then renews, keep = true, deadline + 5400e6 end
