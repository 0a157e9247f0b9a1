// A directory in memory that fails where a test says: at the n-th operation, for so many operations. It tells
// what a killed process leaves (everything written) from what a power cut leaves (everything synced).
#pragma once

#include "storage/journal/files.hpp"

#include <limits>
#include <map>
#include <mutex>

namespace tollgate::testing {

class MemoryFiles final : public storage::journal::Files {
public:
    struct Content {
        std::string bytes{};
        std::size_t synced = 0;
        bool is_listed_on_disk = false; // the directory was synced since it was created
    };

    /// Operations are counted from 0; those in [first, first + count) fail. A failing write takes half its
    /// bytes.
    void fail_at(std::size_t first, std::size_t count) {
        const std::scoped_lock lock(mutex_);
        first_fault_ = first;
        faults_ = count;
    }
    void heal() { fail_at(0, 0); }
    /// No write takes more than this many bytes at once.
    void write_at_most(std::size_t size) { largest_write_ = size; }
    std::size_t operations() const { return operations_; }
    std::map<std::string, Content>& contents() { return files_; }

    /// What a process that is killed now leaves.
    std::unique_ptr<MemoryFiles> after_kill() const {
        const std::scoped_lock lock(mutex_);
        auto copy = std::make_unique<MemoryFiles>();
        copy->files_ = files_;
        copy->boot_ = boot_;
        return copy;
    }

    /// What is sure to be there after a power cut.
    std::unique_ptr<MemoryFiles> after_power_cut() const {
        auto copy = after_kill();
        std::erase_if(copy->files_, [](const auto& file) { return !file.second.is_listed_on_disk; });
        for (auto& [name, content] : copy->files_) content.bytes.resize(content.synced);
        return copy;
    }

    base::Result<std::vector<std::string>> list() override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty()) return fault();
        std::vector<std::string> names;
        for (const auto& [name, content] : files_) names.push_back(name);
        return names;
    }
    base::Result<std::string> read(const std::string& name) override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty() || !files_.contains(name)) return fault();
        return files_[name].bytes;
    }
    base::Result<std::shared_ptr<storage::journal::SegmentFile>> create(const std::string& name) override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty() || files_.contains(name)) return fault();
        files_[name] = {};
        return std::make_shared<MemorySegment>(*this, name);
    }
    base::Result<std::shared_ptr<storage::journal::MappedFile>> map(const std::string& name,
                                                                    std::size_t size) override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty() || files_.contains(name)) return fault();
        files_[name] = {.bytes = std::string(size, '\0')};
        return std::make_shared<MemoryMapping>(files_[name].bytes);
    }
    std::string boot() override { return boot_; }
    void boot_again() { boot_ += "+"; }
    base::Result<void> remove(const std::string& name) override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty()) return fault();
        files_.erase(name);
        return {};
    }
    base::Result<void> rename(const std::string& from, const std::string& to) override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty() || !files_.contains(from)) return fault();
        files_[to] = files_[from];
        files_.erase(from);
        return {};
    }
    base::Result<void> sync_directory() override {
        const std::scoped_lock lock(mutex_);
        if (is_faulty()) return fault();
        for (auto& [name, content] : files_) content.is_listed_on_disk = true;
        return {};
    }

private:
    class MemorySegment final : public storage::journal::SegmentFile {
    public:
        MemorySegment(MemoryFiles& owner, std::string name) : owner_(owner), name_(std::move(name)) {}

        base::Result<std::size_t> write(std::string_view bytes) override {
            const std::scoped_lock lock(owner_.mutex_);
            const bool faulty = owner_.is_faulty();
            const std::size_t size =
                faulty ? bytes.size() / 2 : std::min(bytes.size(), owner_.largest_write_);
            owner_.files_[name_].bytes.append(bytes.substr(0, size));
            if (faulty) return owner_.fault();
            return size;
        }
        base::Result<void> sync() override {
            const std::scoped_lock lock(owner_.mutex_);
            if (owner_.is_faulty()) return owner_.fault();
            owner_.files_[name_].synced = owner_.files_[name_].bytes.size();
            return {};
        }

    private:
        MemoryFiles& owner_;
        std::string name_;
    };

    /// The bytes of the file itself, whose place in the map does not move.
    class MemoryMapping final : public storage::journal::MappedFile {
    public:
        explicit MemoryMapping(std::string& bytes) : bytes_(bytes) {}
        std::span<char> bytes() override { return bytes_; }

    private:
        std::string& bytes_;
    };

    bool is_faulty() {
        const std::size_t operation = operations_++;
        return operation >= first_fault_ && operation - first_fault_ < faults_;
    }
    static std::unexpected<base::Error> fault() {
        return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                          "the disk says no");
    }

    mutable std::mutex mutex_;
    std::map<std::string, Content> files_;
    std::string boot_ = "a boot";
    std::size_t operations_ = 0;
    std::size_t first_fault_ = 0;
    std::size_t faults_ = 0;
    std::size_t largest_write_ = std::numeric_limits<std::size_t>::max();
};

} // namespace tollgate::testing
