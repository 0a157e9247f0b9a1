// TG_OWN_FRAME stands before a task that is short or rare and awaited by one that lives as long as a stream.
// It keeps the compiler from putting the frame of the former into the frame of the latter, which would then
// be larger for as long as it lives.
#pragma once

#define TG_OWN_FRAME [[gnu::noinline]]
