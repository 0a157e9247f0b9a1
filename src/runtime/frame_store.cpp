#include "tollgate/runtime/frame_store.hpp"

#include <array>
#include <cstdint>
#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TG_FRAMES_ARE_WATCHED 1
#endif
#endif

namespace tollgate::runtime {

namespace {

#ifdef TG_FRAMES_ARE_WATCHED
constexpr bool keeps_frames = false; // the sanitizers must see each one's end
#else
constexpr bool keeps_frames = true;
#endif

constexpr std::size_t granule = 64;
constexpr std::size_t largest_kept = 8192;
constexpr std::uint32_t most_kept = 64; // of one size: what a burst leaves behind goes back to the system

struct FreeFrame {
    FreeFrame* next = nullptr;
};

struct Shelf {
    FreeFrame* first = nullptr;
    std::uint32_t count = 0;
};

class FrameStore {
public:
    FrameStore() = default;
    FrameStore(const FrameStore&) = delete;
    FrameStore& operator=(const FrameStore&) = delete;
    ~FrameStore() {
        is_open_ = false; // what dies later on this thread is given to the system
        for (Shelf& shelf : shelves_) {
            while (shelf.first != nullptr) ::operator delete(take(shelf));
        }
    }

    void* take(std::size_t size) {
        Shelf& shelf = shelves_[shelf_of(size)];
        return shelf.first != nullptr ? take(shelf) : ::operator new((shelf_of(size) + 1) * granule);
    }

    void give_back(void* frame, std::size_t size) noexcept {
        Shelf& shelf = shelves_[shelf_of(size)];
        if (!is_open_ || shelf.count == most_kept) return ::operator delete(frame);
        shelf.first = new (frame) FreeFrame{shelf.first};
        ++shelf.count;
    }

private:
    static std::size_t shelf_of(std::size_t size) { return (size - 1) / granule; }

    static void* take(Shelf& shelf) noexcept {
        FreeFrame* frame = shelf.first;
        shelf.first = frame->next;
        --shelf.count;
        return frame;
    }

    std::array<Shelf, largest_kept / granule> shelves_{};
    bool is_open_ = true;
};

FrameStore& store() {
    thread_local FrameStore frames;
    return frames;
}

} // namespace

void* take_frame(std::size_t size) {
    if (!keeps_frames || size > largest_kept) return ::operator new(size);
    return store().take(size);
}

void give_back_frame(void* frame, std::size_t size) noexcept {
    if (!keeps_frames || size > largest_kept) return ::operator delete(frame);
    store().give_back(frame, size);
}

} // namespace tollgate::runtime
