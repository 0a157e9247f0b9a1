// The endpoints of the OpenAI format, one function each: a call that passed key check and script in, an
// answer out.
#pragma once

#include "simulator/call.hpp"
#include "simulator/reply.hpp"

namespace tollgate::simulator::openai {

Reply answer_chat(const Call& call);
Reply answer_completion(const Call& call);
Reply answer_embeddings(const Call& call);
Reply answer_moderation(const Call& call);
Reply answer_models(const Call& call);
Reply answer_model(const Call& call);

} // namespace tollgate::simulator::openai
