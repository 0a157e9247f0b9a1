// Proving the books of a SQL engine: every event counted once, sums equal, wallet lots consistent. The tables
// are those of docs/money.md, the SQL is what SQLite and PostgreSQL both speak. Used by the engines' ledgers,
// inside a transaction that reads one snapshot.
#pragma once

#include "tollgate/ports/ledger.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage {

/// The columns of a row as text; NULL is empty.
using ProofRow = std::vector<std::string>;

class ProofReader {
public:
    virtual ~ProofReader() = default;
    /// Gives every row that the statement yields to `take`; throws the driver's exception.
    virtual void read(std::string_view sql, const std::function<void(const ProofRow&)>& take) = 0;
};

/// Fills in the report. Throws what the reader throws.
void prove_books(ProofReader& books, ports::LedgerReport& report);

/// Adds a sentence while there are not too many.
void report_difference(ports::LedgerReport& report, std::string sentence);

} // namespace tollgate::storage
