-- The counters of a purse, once for the turn: what the ledger has, what it does not have yet, what is set aside.
if purse and not purse[1] then
  purse = {read('<ddd', purse)}
  got[each] = purse
  used_purses = used_purses + 1
  purses[used_purses] = each
end
