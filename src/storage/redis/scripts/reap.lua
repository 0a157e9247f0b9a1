-- Ends the reservations whose lease is over. A call may still end and have cost something, so they are remembered
-- for an hour. What nobody has used for ten minutes is forgotten, unless a reservation names it.
local all = redis.call('HGETALL', q)
local field, put, kept = {}, {}, {}
for i = 1, #all, 2 do field[all[i]] = all[i + 1] end
soonest = 9e15
for name, blob in pairs(field) do
  if string.byte(name) == 114 then
    local state, deadline, granted, held, ticket, counted = struct.unpack('dddddd', blob)
    local names = string.sub(blob, 49)
    local is_gone = deadline <= now and state ~= 0
    if is_gone then redis.call('HDEL', q, name) end
    if deadline <= now and state == 0 then
      places = places - 1
      for n in string.gmatch(names, '[^%z]+') do
        if field[n] and string.byte(n) == 107 then
          local g = {struct.unpack('ddddddddddd', field[n])}
          g[2] = math.max(g[2] - 1, 0)
          g[10] = now
          field[n] = struct.pack('ddddddddddd', unpack(g, 1, 11))
          put[n] = true
        elseif field[n] then
          local b, p, r = struct.unpack('ddd', field[n])
          field[n] = struct.pack('dddd', b, p, math.max(r - held, 0), now)
          put[n] = true
        end
      end
      deadline = now + 3600e6
      field[name] = struct.pack('dddddd', 1, deadline, granted, held, ticket, counted) .. names
      put[name] = true
    end
    if not is_gone then
      soonest = math.min(soonest, deadline)
      for n in string.gmatch(names, '[^%z]+') do kept[n] = true end
    end
  end
end
for name in pairs(put) do redis.call('HSET', q, name, field[name]) end
for name, blob in pairs(field) do
  local kind = string.byte(name)
  if kind == 107 and not kept[name] then
    local g = {struct.unpack('ddddddddddd', blob)}
    if g[2] == 0 and g[10] + 600e6 <= now then redis.call('HDEL', q, name) end
  elseif kind == 112 and not kept[name] then
    local b, p, r, at_last = struct.unpack('dddd', blob)
    if p == 0 and r == 0 and at_last + 600e6 <= now then redis.call('HDEL', q, name) end
  end
end
redis.call('HSET', q, 'a', struct.pack('dddddd', e, places, soonest, keep, last, shift))
