-- The requests of this turn, at the end of the window.
local before = count - granted
if head > 0 and (before == 0 or head >= 1024 and head >= before) then
  local rest = before > 0 and call('GETRANGE', w, head * 16, -1)
  call('DEL', w)
  if rest then call('APPEND', w, rest) end
  first, head, log_keep = first + head, 0, 0
end
if call('APPEND', w, entries) ~= (head + count) * 16 then
  -- The window was lost while it counted: as if all of it had come with its last.
  local lost = before > 0 and string.rep(write('<dd', newest_before, 0), before - 1) .. write('<dd', newest_before, sum_before)
  call('SET', w, string.rep('\0', head * 16) .. (lost or '') .. entries)
  if lost then oldest = newest_before end
  log_keep = 0
end
if log_keep < now + 90e6 then
  log_keep = now + 180e6
  call('PEXPIRE', w, 180000)
end
