#include "storage/redis/reply.hpp"

#include "tollgate/base/check.hpp"

#include <hiredis/read.h>

namespace tollgate::storage::redis {

namespace {

/// Where the reader's next object goes: a new root, or its place in the array around it.
Reply* place_of(const redisReadTask* task) {
    if (task->parent == nullptr) return new Reply;
    auto* parent = static_cast<Reply*>(task->parent->obj);
    return &parent->elements.at(static_cast<std::size_t>(task->idx));
}

void* create_string(const redisReadTask* task, char* text, std::size_t size) {
    Reply* reply = place_of(task);
    reply->kind = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::error
                  : task->type == REDIS_REPLY_STATUS ? Reply::Kind::status
                                                     : Reply::Kind::text;
    reply->text.assign(text, size);
    return reply;
}

void* create_array(const redisReadTask* task, int size) {
    Reply* reply = place_of(task);
    reply->kind = Reply::Kind::array;
    reply->elements.resize(static_cast<std::size_t>(size));
    return reply;
}

void* create_integer(const redisReadTask* task, long long value) {
    Reply* reply = place_of(task);
    reply->kind = Reply::Kind::integer;
    reply->integer = value;
    return reply;
}

void* create_nil(const redisReadTask* task) {
    return place_of(task);
}

void free_root(void* reply) {
    delete static_cast<Reply*>(reply);
}

redisReplyObjectFunctions functions = {
    .createString = create_string,
    .createArray = create_array,
    .createInteger = create_integer,
    .createNil = create_nil,
    .freeObject = free_root,
};

} // namespace

std::int64_t Reply::number(std::size_t index) const {
    return index < elements.size() ? elements[index].integer : 0;
}

void ReplyReader::Free::operator()(redisReader* reader) const {
    redisReaderFree(reader);
}

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
    TG_CHECK(reader_ != nullptr);
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
    redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

base::Result<std::optional<Reply>> ReplyReader::next() {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
        return base::fail(base::ErrorCode::invalid_response, base::ErrorSource::storage,
                          std::string("Redis does not speak its protocol: ") + reader_->errstr);
    }
    if (found == nullptr) return std::nullopt;
    const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
    return std::optional<Reply>(std::move(*reply));
}

} // namespace tollgate::storage::redis
