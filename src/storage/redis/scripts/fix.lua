-- Tokens of requests that are still in the window, now that they are known.
for i = 1, #fix, 3 do
  local ticket, tokens, counted = fix[i], fix[i + 1], fix[i + 2]
  local index = ticket - first - head
  if index >= 0 and index < count then
    call('SETRANGE', w, (ticket - first) * 16 + 8, write('<d', tokens))
    sum, is_changed = sum + tokens - counted, true
  end
end
fixes[key] = nil
