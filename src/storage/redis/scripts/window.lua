-- Forgets the requests that are older than a minute. An entry is its time and its tokens (-1: not counted).
local popped = 0
if count > 0 and oldest + 60e6 <= now then
  local wide, done = 4, false
  repeat
    local bytes = call('GETRANGE', w, head * 16, (head + wide) * 16 - 1)
    if #bytes < 16 then
      -- The window was lost, though its key was not: take it as if all had come with the last.
      if newest + 60e6 <= now then head, count = head + count, 0 else oldest = newest end
      done = true
    end
    for i = 1, #bytes, 16 do
      local t, n = read('<dd', bytes, i)
      if t + 60e6 > now then
        oldest, done = t, true
        break
      end
      head, count, popped = head + 1, count - 1, popped + 1
      if n > 0 then sum = sum - n end
      if count == 0 then
        done = true
        break
      end
    end
    wide = 64
  until done
  if count == 0 then sum = 0 end
end
