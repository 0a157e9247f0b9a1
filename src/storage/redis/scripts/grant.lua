-- Counts a demand that fits, and remembers what it has been granted.
local ticket = first + head + count
if token_limit >= 0 then
  entries = entries .. write('<dd', now, tokens)
  sum, newest_tokens = sum + tokens, now
else
  ticket = -1
end
if count == 0 then oldest = now end
granted, count, newest, flight, places = granted + 1, count + 1, now, flight + 1, places + 1
for i = 1, many do
  local purse = wanted[i]
  purse[3] = purse[3] + amount
end
known = write('<dddddds', 0, deadline, amount, amount, ticket, tokens, names)
got[request] = known
put[puts + 1], put[puts + 2] = fields[request], known
puts = puts + 2
if deadline < soonest then soonest = deadline end
if keep < deadline + 3600e6 then renews, keep = true, deadline + 5400e6 end
