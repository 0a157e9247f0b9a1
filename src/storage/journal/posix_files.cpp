#include "storage/journal/posix_files.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

namespace tollgate::storage::journal {

namespace {

base::Error fault_of(const std::filesystem::path& path, const std::string& reason) {
    return base::Error{.code = base::ErrorCode::storage_unavailable,
                       .source = base::ErrorSource::storage,
                       .retry = base::Retry::maybe,
                       .message = "journal " + path.string() + ": " + reason};
}

std::unexpected<base::Error> system_fault(const std::filesystem::path& path, const char* action) {
    return base::fail(fault_of(path, std::string(action) + ": " + std::generic_category().message(errno)));
}

class PosixSegment final : public SegmentFile {
public:
    PosixSegment(std::filesystem::path path, Descriptor file)
        : path_(std::move(path)), file_(std::move(file)) {}

    base::Result<std::size_t> write(std::string_view bytes) override {
        while (true) {
            const auto written = ::write(file_.number(), bytes.data(), bytes.size());
            if (written > 0) return static_cast<std::size_t>(written);
            if (written < 0 && errno == EINTR) continue;
            if (written == 0) errno = ENOSPC;
            return system_fault(path_, "cannot write");
        }
    }

    base::Result<void> sync() override {
        if (::fdatasync(file_.number()) != 0) return system_fault(path_, "cannot sync");
        return {};
    }

private:
    std::filesystem::path path_;
    Descriptor file_;
};

class PosixMapping final : public MappedFile {
public:
    explicit PosixMapping(std::span<char> bytes) : bytes_(bytes) {}
    PosixMapping(const PosixMapping&) = delete;
    PosixMapping& operator=(const PosixMapping&) = delete;
    ~PosixMapping() override { ::munmap(bytes_.data(), bytes_.size()); }
    std::span<char> bytes() override { return bytes_; }

private:
    std::span<char> bytes_;
};

/// May a store to a file that was given its room still find the disk full, and kill us by SIGBUS? Not where
/// files are overwritten in place; copy-on-write systems need room for each overwriting.
bool overwrites_in_place(int file) {
    struct statfs system{};
    if (::fstatfs(file, &system) != 0) return false;
    constexpr std::array<std::uint32_t, 3> known{EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, TMPFS_MAGIC};
    return std::ranges::find(known, static_cast<std::uint32_t>(system.f_type)) != known.end();
}

base::Result<void> make_directory(const std::filesystem::path& directory) {
    std::error_code fault;
    if (std::filesystem::create_directories(directory, fault)) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, fault);
    }
    if (fault) return base::fail(fault_of(directory, "cannot create the directory: " + fault.message()));
    return {};
}

} // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

PosixFiles::PosixFiles(std::filesystem::path directory, Descriptor opened, Descriptor lock)
    : directory_(std::move(directory)), opened_(std::move(opened)), lock_(std::move(lock)) {}

base::Result<std::unique_ptr<PosixFiles>> PosixFiles::open(const std::filesystem::path& directory) {
    if (const auto made = make_directory(directory); !made) return base::fail(made.error());
    Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() < 0) return system_fault(directory, "cannot open the directory");
    Descriptor lock(::openat(opened.number(), "lock", O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (lock.number() < 0) return system_fault(directory / "lock", "cannot open");
    if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return system_fault(directory / "lock", "cannot lock");
        return base::fail(fault_of(directory, "another process of tollgate uses this directory: stop it, or "
                                              "give this one a storage.journal of its own"));
    }
    return std::unique_ptr<PosixFiles>(new PosixFiles(directory, std::move(opened), std::move(lock)));
}

base::Result<std::vector<std::string>> PosixFiles::list() {
    std::vector<std::string> names;
    std::error_code fault;
    std::filesystem::directory_iterator entry(directory_, fault);
    for (; !fault && entry != std::filesystem::directory_iterator(); entry.increment(fault)) {
        names.push_back(entry->path().filename().string());
    }
    if (fault) return base::fail(fault_of(directory_, "cannot list: " + fault.message()));
    std::ranges::sort(names);
    return names;
}

base::Result<std::string> PosixFiles::read(const std::string& name) {
    const Descriptor file(::openat(opened_.number(), name.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) return system_fault(directory_ / name, "cannot open");
    std::string bytes;
    std::array<char, 64 * 1024> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
    while (true) {
        const auto count = ::read(file.number(), buffer.data(), buffer.size());
        if (count == 0) return bytes;
        if (count > 0) {
            bytes.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            return system_fault(directory_ / name, "cannot read");
        }
    }
}

base::Result<std::shared_ptr<SegmentFile>> PosixFiles::create(const std::string& name) {
    Descriptor file(::openat(opened_.number(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.number() < 0) return system_fault(directory_ / name, "cannot create");
    return std::make_shared<PosixSegment>(directory_ / name, std::move(file));
}

base::Result<std::shared_ptr<MappedFile>> PosixFiles::map(const std::string& name, std::size_t size) {
    const Descriptor file(
        ::openat(opened_.number(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.number() < 0) return system_fault(directory_ / name, "cannot create");
    void* memory = MAP_FAILED;
    errno = ENOTSUP;
    if (overwrites_in_place(file.number())) {
        errno = ::posix_fallocate(file.number(), 0, static_cast<off_t>(size));
        if (errno == 0) memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
    }
    if (memory == MAP_FAILED) {
        const auto fault = system_fault(directory_ / name, "cannot map");
        ::unlinkat(opened_.number(), name.c_str(), 0);
        return fault;
    }
    std::memset(memory, 0, size); // each page is touched here and not in the middle of a call
    return std::make_shared<PosixMapping>(std::span(static_cast<char*>(memory), size));
}

std::string PosixFiles::boot() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

base::Result<void> PosixFiles::remove(const std::string& name) {
    if (::unlinkat(opened_.number(), name.c_str(), 0) != 0 && errno != ENOENT) {
        return system_fault(directory_ / name, "cannot remove");
    }
    return {};
}

base::Result<void> PosixFiles::rename(const std::string& from, const std::string& to) {
    if (::renameat(opened_.number(), from.c_str(), opened_.number(), to.c_str()) != 0) {
        return system_fault(directory_ / from, "cannot rename");
    }
    return {};
}

base::Result<void> PosixFiles::sync_directory() {
    if (::fsync(opened_.number()) != 0) return system_fault(directory_, "cannot sync the directory");
    return {};
}

} // namespace tollgate::storage::journal
