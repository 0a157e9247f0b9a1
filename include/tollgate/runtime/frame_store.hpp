// Memory of coroutine frames: a call is some forty of them, of the same few sizes each time, so a thread
// keeps those that are free by their size and gives them out again, the last one first. A frame may be given
// back on another thread than the one that took it.
#pragma once

#include <cstddef>

namespace tollgate::runtime {

void* take_frame(std::size_t size);
void give_back_frame(void* frame, std::size_t size) noexcept;

} // namespace tollgate::runtime
