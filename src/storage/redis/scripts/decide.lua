-- What stands against a demand, in the order of the contract; if nothing does, sets aside what it may.
if count >= rate then
  why = 0
  if rate > 0 then
    local place = (head + count - rate) * 16
    local bytes = call('GETRANGE', w, place, place + 7)
    wait = (#bytes == 8 and read('<d', bytes) or newest) + 60e6 - now
  end
elseif token_limit >= 0 and sum + tokens > token_limit then
  why = 1
  if tokens > token_limit then
    which = 1
  else
    --include room
  end
elseif account_places > 0 and places >= account_places then
  why = 2
elseif key_places >= 0 and flight >= key_places then
  why, which = 2, 1
else
  for i = 1, many do
    if not wanted[i] or wanted[i][1] < 0 then which = which + 2 ^ (i - 1) end
  end
  if which > 0 then
    status = 2
  else
    for kind = 0, wallets do
      for i = 1, many do
        if wallet[i] == kind then
          local purse = wanted[i]
          local spent = purse[1] + purse[2]
          local left = cap[i] - spent - purse[3]
          if left < amount then amount = left > 0 and left or 0 end
          if not why and left < least then
            why, which, shown = spent + least > cap[i] and 3 + kind or 5, i, i
          end
        end
      end
    end
  end
end
if why then
  status = 1
elseif not status then
  status = 0
  --include grant
end
