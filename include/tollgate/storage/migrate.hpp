// A storage adapter opens its database in one of two ways; the command line and storage.migrate choose.
#pragma once

namespace tollgate::storage {

/// May opening create what is missing and bring the schema up to date?
enum class Migrate { apply, refuse };

} // namespace tollgate::storage
