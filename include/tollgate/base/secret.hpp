// A string that is wiped when it dies and cannot be printed: it has no conversion to text but expose().
#pragma once

#include <string>
#include <string_view>

namespace tollgate::base {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    /// The text itself; call it only where the bytes leave for their destination.
    std::string_view expose() const { return value_; }
    bool empty() const { return value_.empty(); }

    /// Compares in time that depends on the lengths alone.
    friend bool operator==(const Secret& left, const Secret& right);

private:
    void wipe() noexcept;
    std::string value_;
};

} // namespace tollgate::base
