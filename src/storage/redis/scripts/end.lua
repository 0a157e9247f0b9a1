-- A call has ended: frees what it held, adds the cost to what the ledger does not have yet. What it changes of its key
-- waits for the key. The step: r<request>, k<key>, cost, tokens (-1: the call was given up before its answer came, and
-- its reservation may arrive later), how many purses, p<purse>… (at least one place).
local request, key, cost, tokens, count, each, held
request, key, cost, tokens, count, each, at = read('<HHddHH', steps, at)
local known = got[request]
if known then
  local state, deadline, granted, ticket, counted
  state, deadline, granted, held, ticket, counted = read('<dddddd', known)
  if state == 2 then
    known = false
  else
    got[request] = false
    goes = goes + 1
    gone[goes] = fields[request]
    if state == 0 then
      places = places - 1
      ended[key] = (ended[key] or 0) + 1
    else
      held = 0
    end
    if tokens < 0 then tokens = 0 end
    if ticket >= 0 and tokens ~= counted then
      fixes = fixes or {}
      local fix = fixes[key] or {}
      local last = #fix
      fix[last + 1], fix[last + 2], fix[last + 3] = ticket, tokens, counted
      fixes[key] = fix
    end
  end
elseif tokens < 0 then
  local deadline = now + 10e6
  if deadline < soonest then soonest = deadline end
  put[puts + 1], put[puts + 2] = fields[request], write('<dddddds', 2, deadline, 0, 0, -1, 0, fields[key])
  puts = puts + 2
end
for i = 1, count do
  if i > 1 then each, at = read('<H', steps, at) end
  if known then
    local purse = got[each]
    --include purse
    if purse then
      purse[2] = purse[2] + cost
      if purse[3] > held then purse[3] = purse[3] - held else purse[3] = 0 end
    end
  end
end
