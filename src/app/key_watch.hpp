// Follows what anybody changes in keys and accounts, on a thread of its own: asking a database can take as
// long as its timeout, and signals must not wait for that. Owned by Application; ends when it is destroyed.
#pragma once

#include "tollgate/ports/key_store.hpp"

#include <functional>
#include <semaphore>
#include <thread>

namespace tollgate::app {

class KeyWatch {
public:
    /// Called on the watch's thread after each question to the store; must only post.
    using Tell = std::function<void(base::Result<ports::KeyChanges>)>;

    KeyWatch(ports::KeyStore& keys, std::uint64_t sequence, Tell tell);
    KeyWatch(const KeyWatch&) = delete;
    KeyWatch& operator=(const KeyWatch&) = delete;
    ~KeyWatch();

private:
    void follow(std::uint64_t sequence);

    ports::KeyStore& keys_;
    Tell tell_;
    std::binary_semaphore stop_{0};
    std::jthread thread_;
};

} // namespace tollgate::app
