-- How long until there is room for the tokens: until what must leave has left. Looks at some hundreds of requests;
-- beyond them, until all have.
local still, seen = sum, 0
while still > token_limit - tokens do
  local bytes = call('GETRANGE', w, (head + seen) * 16, (head + seen + 64) * 16 - 1)
  if #bytes < 16 or seen >= 512 then
    wait = newest_tokens + 60e6 - now
    break
  end
  for i = 1, #bytes, 16 do
    if still <= token_limit - tokens then break end
    local t, n = read('<dd', bytes, i)
    if n >= 0 then still, wait = still - n, t + 60e6 - now end
  end
  seen = seen + 64
end
