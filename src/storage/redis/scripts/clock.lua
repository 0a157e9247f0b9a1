-- The time of the server, unless the caller brought one (tests), in microseconds.
if now == -1 then
  local t = redis.call('TIME')
  now = t[1] * 1e6 + t[2]
end
