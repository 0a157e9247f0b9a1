// What the journal asks of a directory. Small, so that tests can stand in with one that fails at any
// operation. Called by one thread at a time, apart from SegmentFile::sync, which may run while the same file
// is written. Every error is storage_unavailable with the file and the system's reason.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage::journal {

class SegmentFile {
public:
    virtual ~SegmentFile() = default;
    /// Appends; may take fewer bytes than given, at least one.
    virtual base::Result<std::size_t> write(std::string_view bytes) = 0;
    /// Everything written before is on disk when this answers.
    virtual base::Result<void> sync() = 0;
};

/// A file that is also memory: what is stored there outlives the process, and a store cannot fail.
class MappedFile {
public:
    virtual ~MappedFile() = default;
    virtual std::span<char> bytes() = 0; // all zero at first
};

class Files {
public:
    virtual ~Files() = default;
    /// Names of all files, sorted.
    virtual base::Result<std::vector<std::string>> list() = 0;
    virtual base::Result<std::string> read(const std::string& name) = 0;
    /// The file must not exist yet.
    virtual base::Result<std::shared_ptr<SegmentFile>> create(const std::string& name) = 0;
    /// The file must not exist yet and is given all of its room at once. Error also where the file system
    /// does not promise that a store to such a file finds its room.
    virtual base::Result<std::shared_ptr<MappedFile>> map(const std::string& name, std::size_t size) = 0;
    /// Names the time since the machine was started.
    virtual std::string boot() = 0;
    virtual base::Result<void> remove(const std::string& name) = 0;
    virtual base::Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Created, removed and renamed files stay so after a power cut.
    virtual base::Result<void> sync_directory() = 0;
};

/// Writes all bytes, however few are taken at a time.
base::Result<void> write_all(SegmentFile& file, std::string_view bytes);

inline constexpr std::string_view segment_suffix = ".journal";
inline constexpr std::string_view damaged_suffix = ".damaged";
inline constexpr std::string_view refused_suffix = ".refused";

/// "000000000007" + suffix
std::string file_name(std::uint64_t number, std::string_view suffix);

/// The number in a name with this suffix; nothing for other files.
std::optional<std::uint64_t> number_of(std::string_view name, std::string_view suffix);

} // namespace tollgate::storage::journal
