// The journal's directory on disk, locked for this process as long as the object lives.
#pragma once

#include "storage/journal/files.hpp"

#include <filesystem>

namespace tollgate::storage::journal {

/// A file descriptor that is closed when it dies.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    int number() const { return number_; }

private:
    int number_ = -1;
};

class PosixFiles final : public Files {
public:
    /// Makes the directory (mode 0700) where it is missing and takes its lock. Error: storage_unavailable;
    /// says so when another process has the lock.
    static base::Result<std::unique_ptr<PosixFiles>> open(const std::filesystem::path& directory);

    base::Result<std::vector<std::string>> list() override;
    base::Result<std::string> read(const std::string& name) override;
    base::Result<std::shared_ptr<SegmentFile>> create(const std::string& name) override;
    base::Result<std::shared_ptr<MappedFile>> map(const std::string& name, std::size_t size) override;
    std::string boot() override;
    base::Result<void> remove(const std::string& name) override;
    base::Result<void> rename(const std::string& from, const std::string& to) override;
    base::Result<void> sync_directory() override;

private:
    PosixFiles(std::filesystem::path directory, Descriptor opened, Descriptor lock);

    std::filesystem::path directory_;
    Descriptor opened_;
    Descriptor lock_;
};

} // namespace tollgate::storage::journal
