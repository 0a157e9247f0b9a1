-- One demand of a key. The step: r<request>, tokens, bound, least. Answers 0, amount, … granted; 1, why, which, wait, …
-- refused; 2, the purses that are not known (bits); 3 an older record; 5 too late; 6 another key's reservation. The
-- rest of a grant and a refusal: requests that count, until none does, what the purse shown has spent and reserved;
-- with a limit of tokens, and 16 more in front: tokens that count, until none does.
local request, tokens, bound, least
request, tokens, bound, least, at = read('<Hddd', steps, at)
local known, amount, status, shown = got[request], bound, nil, budget
local why, which, wait = nil, 0, 0
if is_late then
  status = 5
elseif known then
  local state, deadline, granted = read('<ddd', known)
  if state == 2 then
    status = 5
  elseif read('<s', known, 49) ~= fields[key] then
    status = 6
  elseif state == 0 then
    status, amount = 0, granted
  end
end
if not status then
  -- Nobody has told these counters of the key yet, or they were lost: then only what the store says now is good.
  if generation < gen or gen < 0 and just_read == 0 then
    status = 3
  else
    if generation > gen then gen, used, is_changed = generation, now, true end
    --include decide
  end
end
local answer
if status < 2 then
  local purse, left, spent, held = wanted[shown], 0, 0, 0
  if count > 0 then left = newest + 60e6 - now end
  if purse then
    held = purse[3]
    if purse[1] >= 0 then spent = purse[1] + purse[2] end
  end
  local kind = status
  if token_limit >= 0 then kind = kind + 16 end
  if status == 0 then
    answer = write('<Bddddd', kind, amount, count, left, spent, held)
  else
    answer = write('<BBBddddd', kind, why, which, wait, count, left, spent, held)
  end
  if token_limit >= 0 then
    answer = answer .. write('<dd', sum, count > 0 and newest_tokens >= 0 and newest_tokens + 60e6 - now or 0)
  end
elseif status == 2 then
  answer = write('<Bd', 2, which)
else
  answer = write('<B', status)
end
outs = outs + 1
out[outs] = answer
