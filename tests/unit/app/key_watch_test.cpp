#include "app/key_watch.hpp"

#include "support/eventually.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

namespace tollgate::app {

namespace {

using base::Result;

/// Has as many changes as the test says; tells of them, fails or keeps silent.
class FakeKeys final : public ports::KeyStore {
public:
    Result<std::optional<domain::KeyRecord>> find_by_secret(const base::Digest&) override { return none(); }
    Result<std::optional<domain::ApiKey>> find(const base::KeyId&) override { return none(); }
    Result<ports::KeyPage> list(const ports::KeyFilter&) override { return none(); }
    Result<void> create(const domain::ApiKey&, const base::Digest&) override { return none(); }
    Result<domain::ApiKey> update(const base::KeyId&, const domain::KeyPatch&) override { return none(); }
    Result<domain::ApiKey> rotate(const ports::Rotation&) override { return none(); }
    Result<ports::KeyChanges> changes_since(std::uint64_t sequence) override {
        if (is_failing) return none();
        ports::KeyChanges changes;
        changes.last_sequence = last;
        for (auto each = sequence + 1; each <= last; ++each) {
            changes.changes.push_back({each, base::sha256(std::to_string(each))});
        }
        return changes;
    }
    ports::Told await_change(std::chrono::milliseconds) override { return told; }

    std::atomic<std::uint64_t> last{0};
    std::atomic<bool> is_failing{false};
    std::atomic<ports::Told> told{ports::Told::never};

private:
    static std::unexpected<base::Error> none() {
        return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage, "away");
    }
};

class KeyWatchTest : public ::testing::Test {
protected:
    KeyWatch::Tell tell() {
        return [this](Result<ports::KeyChanges> changes) {
            const std::scoped_lock lock(mutex_);
            ++asked_;
            failures_ += changes ? 0 : 1;
            if (!changes) return;
            for (const auto& change : changes->changes) seen_.push_back(change.sequence);
        };
    }
    std::vector<std::uint64_t> seen() {
        const std::scoped_lock lock(mutex_);
        return seen_;
    }
    int asked() {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }
    int failures() {
        const std::scoped_lock lock(mutex_);
        return failures_;
    }

    FakeKeys keys_;

private:
    std::mutex mutex_;
    std::vector<std::uint64_t> seen_;
    int asked_ = 0;
    int failures_ = 0;
};

} // namespace

TEST_F(KeyWatchTest, TellsEachChangeOnceAndInOrderBeginningWhereItWasTold) {
    keys_.last = 5;
    const KeyWatch watch(keys_, 3, tell());
    EXPECT_TRUE(testing::eventually([this] { return seen().size() == 2; }));
    keys_.last = 7;
    EXPECT_TRUE(testing::eventually([this] { return seen().size() == 4; }));
    EXPECT_EQ(seen(), (std::vector<std::uint64_t>{4, 5, 6, 7}));
}

TEST_F(KeyWatchTest, TellsOfAnOutageAndGoesOnWhereItWas) {
    keys_.is_failing = true;
    const KeyWatch watch(keys_, 0, tell());
    EXPECT_TRUE(testing::eventually([this] { return failures() > 0; }));
    keys_.last = 2;
    keys_.is_failing = false;
    EXPECT_TRUE(testing::eventually([this] { return seen().size() == 2; }));
    EXPECT_EQ(seen(), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(KeyWatchTest, AsksAtOnceWhenItIsTold) {
    keys_.told = ports::Told::change;
    const KeyWatch watch(keys_, 0, tell());
    EXPECT_TRUE(testing::eventually([this] { return asked() > 100; }));
}

} // namespace tollgate::app
