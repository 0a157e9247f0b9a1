-- The account: epoch, calls in flight, the first deadline, when the hash expires, the time of the last step, and
-- what is added to a clock that was set back, so that time never runs backwards here.
local e, places, soonest, keep, last, shift
if got[1] then
  e, places, soonest, keep, last, shift = struct.unpack('dddddd', got[1])
  if e > epoch then return {4, e} end
else
  e, places, soonest, keep, last, shift = epoch, 0, 9e15, 0, 0, 0
end
if e < epoch then
  --include reset
end
now = now + shift
if now < last then
  if last - now > 1e6 then shift = shift + last - now end
  now = last
end
