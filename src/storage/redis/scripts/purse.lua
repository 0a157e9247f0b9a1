-- The counters of a purse, once for the turn: what the ledger has, what it does not have yet, what is set aside. Until
-- then it is as it was read, a string, which has nothing at [1].
if purse and not purse[1] then
  purse = {read('<ddd', purse)}
  got[each] = purse
end
