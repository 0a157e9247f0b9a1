#include "storage/journal/record.hpp"

#include "storage/journal/checksum.hpp"
#include "storage/journal/wire.hpp"

#include <algorithm>
#include <limits>

namespace tollgate::storage::journal {

namespace {

using domain::Checkpoint;
using domain::OpenRecord;
using domain::Usage;
using domain::UsageEvent;
using domain::UsageView;

enum class Type : std::uint8_t { header = 1, open, checkpoint, event, withdrawal };

void put_number(char* at, std::uint32_t value) {
    for (std::size_t index = 0; index < 4; ++index) {
        at[index] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * index)));
    }
}

std::uint32_t length_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < 4; ++index) {
        value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + index])) << (8 * index);
    }
    return value;
}

/// A record has some twenty texts and numbers at most: they fit into largest_record.
template <class Fields>
void append_fields(std::string& out, Type type, const Fields& write_fields) {
    const std::size_t start = out.size();
    out.resize_and_overwrite(start + largest_record, [&](char* bytes, std::size_t) {
        char* const body = bytes + start + record_overhead;
        *body = static_cast<char>(type);
        FieldWriter writer(body + 1);
        write_fields(writer);
        const auto size = static_cast<std::size_t>(writer.end() - body);
        put_number(bytes + start, static_cast<std::uint32_t>(size));
        put_number(bytes + start + 4, checksum({body, size}));
        return start + record_overhead + size;
    });
}

void write(FieldWriter& out, base::WallTime time) {
    out.signed_number(time.time_since_epoch().count());
}

void write(FieldWriter& out, const Usage& usage) {
    for (const auto figure :
         {usage.input, usage.cached_input, usage.cache_write, usage.output, usage.audio_input,
          usage.audio_output, usage.images, usage.requests, usage.reasoning}) {
        out.number(figure);
    }
    out.number(static_cast<std::uint64_t>(usage.source));
}

base::WallTime read_time(FieldReader& in) {
    return base::WallTime(std::chrono::microseconds(in.signed_number()));
}

base::Money read_money(FieldReader& in) {
    return base::Money::of_micros(in.signed_number());
}

std::chrono::local_days read_day(FieldReader& in) {
    // Years that a calendar of 16 bits can hold.
    constexpr std::uint64_t most_days = 10'000'000;
    return std::chrono::local_days(std::chrono::days(static_cast<int>(in.number_up_to(most_days))));
}

void write(FieldWriter& out, std::chrono::local_days day) {
    const auto count = day.time_since_epoch().count();
    out.number(count < 0 ? 0 : static_cast<std::uint64_t>(count));
}

Usage read_usage(FieldReader& in) {
    Usage usage;
    for (auto* figure :
         {&usage.input, &usage.cached_input, &usage.cache_write, &usage.output, &usage.audio_input,
          &usage.audio_output, &usage.images, &usage.requests, &usage.reasoning}) {
        *figure = in.number();
    }
    usage.source = static_cast<domain::UsageSource>(
        in.number_up_to(static_cast<std::uint64_t>(domain::UsageSource::interrupted)));
    return usage;
}

template <class Word>
Word read_flag(FieldReader& in) {
    return static_cast<Word>(in.number_up_to(1));
}

template <class Number>
Number read_small(FieldReader& in) {
    return static_cast<Number>(in.number_up_to(std::numeric_limits<Number>::max()));
}

SegmentHeader read_header(FieldReader& in) {
    SegmentHeader header;
    header.version = in.number();
    header.node = in.text();
    header.process = in.text();
    header.number = in.number();
    return header;
}

OpenRecord read_open(FieldReader& in) {
    OpenRecord open;
    open.request_id = base::RequestId(std::string(in.text()));
    open.client_request_id = in.text();
    open.key_id = base::KeyId(std::string(in.text()));
    open.account_id = base::AccountId(std::string(in.text()));
    open.day = read_day(in);
    open.wallet = read_flag<domain::WalletUse>(in);
    open.bound = read_money(in);
    open.input_estimate = read_money(in);
    for (auto* text : {&open.endpoint, &open.model, &open.provider, &open.upstream_model}) *text = in.text();
    open.delivery = read_flag<domain::Delivery>(in);
    for (auto* text : {&open.currency, &open.usd_rate, &open.price_version}) *text = in.text();
    open.started_at = read_time(in);
    open.node = in.text();
    return open;
}

UsageView read_event(FieldReader& in) {
    UsageView event;
    event.request_id = in.text();
    event.client_request_id = in.text();
    event.key_id = in.text();
    event.account_id = in.text();
    event.day = read_day(in);
    event.wallet = read_flag<domain::WalletUse>(in);
    for (auto* text : {&event.endpoint, &event.model, &event.provider, &event.upstream_model}) {
        *text = in.text();
    }
    event.delivery = read_flag<domain::Delivery>(in);
    event.status = read_small<std::uint16_t>(in);
    event.outcome = in.text();
    event.usage = read_usage(in);
    event.cost = read_money(in);
    event.bound = read_money(in);
    for (auto* text : {&event.currency, &event.usd_rate, &event.price_version}) *text = in.text();
    event.started_at = read_time(in);
    event.ended_at = read_time(in);
    if (in.number_up_to(1) == 1) event.first_byte = std::chrono::milliseconds(in.signed_number());
    event.duration = std::chrono::milliseconds(in.signed_number());
    event.client_end = read_flag<domain::ClientEnd>(in);
    event.attempts = read_small<std::uint32_t>(in);
    event.node = in.text();
    return event;
}

Checkpoint read_checkpoint(FieldReader& in) {
    Checkpoint checkpoint;
    checkpoint.request_id = base::RequestId(std::string(in.text()));
    checkpoint.cost = read_money(in);
    checkpoint.usage = read_usage(in);
    return checkpoint;
}

std::optional<Record> read_fields(Type type, FieldReader& in) {
    switch (type) {
    case Type::header: return read_header(in);
    case Type::open: return read_open(in);
    case Type::checkpoint: return read_checkpoint(in);
    case Type::event: return copy_of(read_event(in));
    case Type::withdrawal: return Withdrawal{.request_id = base::RequestId(std::string(in.text()))};
    }
    return std::nullopt;
}

} // namespace

void append_record(std::string& out, const SegmentHeader& header) {
    append_fields(out, Type::header, [&header](FieldWriter& fields) {
        fields.number(header.version);
        fields.text(header.node);
        fields.text(header.process);
        fields.number(header.number);
    });
}

void append_record(std::string& out, const domain::OpenView& open) {
    append_fields(out, Type::open, [&open](FieldWriter& fields) {
        fields.text(open.request_id);
        fields.text(open.client_request_id);
        fields.text(open.key_id);
        fields.text(open.account_id);
        write(fields, open.day);
        fields.number(static_cast<std::uint64_t>(open.wallet));
        fields.signed_number(open.bound.micros());
        fields.signed_number(open.input_estimate.micros());
        for (const auto text : {open.endpoint, open.model, open.provider, open.upstream_model}) {
            fields.text(text);
        }
        fields.number(static_cast<std::uint64_t>(open.delivery));
        for (const auto text : {open.currency, open.usd_rate, open.price_version}) fields.text(text);
        write(fields, open.started_at);
        fields.text(open.node);
    });
}

void append_record(std::string& out, const Checkpoint& checkpoint) {
    append_fields(out, Type::checkpoint, [&checkpoint](FieldWriter& fields) {
        fields.text(checkpoint.request_id.text());
        fields.signed_number(checkpoint.cost.micros());
        write(fields, checkpoint.usage);
    });
}

void append_record(std::string& out, const domain::UsageView& event) {
    append_fields(out, Type::event, [&event](FieldWriter& fields) {
        fields.text(event.request_id);
        fields.text(event.client_request_id);
        fields.text(event.key_id);
        fields.text(event.account_id);
        write(fields, event.day);
        fields.number(static_cast<std::uint64_t>(event.wallet));
        for (const auto text : {event.endpoint, event.model, event.provider, event.upstream_model}) {
            fields.text(text);
        }
        fields.number(static_cast<std::uint64_t>(event.delivery));
        fields.number(event.status);
        fields.text(event.outcome);
        write(fields, event.usage);
        fields.signed_number(event.cost.micros());
        fields.signed_number(event.bound.micros());
        for (const auto text : {event.currency, event.usd_rate, event.price_version}) fields.text(text);
        write(fields, event.started_at);
        write(fields, event.ended_at);
        fields.number(event.first_byte ? 1 : 0);
        if (event.first_byte) fields.signed_number(event.first_byte->count());
        fields.signed_number(event.duration.count());
        fields.number(static_cast<std::uint64_t>(event.client_end));
        fields.number(event.attempts);
        fields.text(event.node);
    });
}

void append_record(std::string& out, const Withdrawal& withdrawal) {
    append_fields(out, Type::withdrawal,
                  [&withdrawal](FieldWriter& fields) { fields.text(withdrawal.request_id.text()); });
}

std::optional<Record> decode_record(std::string_view body) {
    if (body.empty()) return std::nullopt;
    FieldReader fields(body.substr(1));
    auto record = read_fields(static_cast<Type>(body.front()), fields);
    if (!fields.is_complete()) return std::nullopt;
    return record;
}

std::size_t framed_size(const LengthBytes& length, std::size_t room) {
    if (room < record_overhead) return 0;
    const std::size_t size = length_at(std::string_view(length.data(), length.size()), 0);
    const bool is_there = size > 0 && size <= largest_record && size <= room - record_overhead;
    return is_there ? record_overhead + size : 0;
}

std::optional<UsageView> take_event(std::string_view& bytes) {
    LengthBytes length{};
    bytes.copy(length.data(), length.size());
    const std::size_t framed = framed_size(length, bytes.size());
    if (framed == 0) return std::nullopt;
    const std::string_view body = bytes.substr(record_overhead, framed - record_overhead);
    if (static_cast<Type>(body.front()) != Type::event) return std::nullopt;
    FieldReader fields(body.substr(1));
    const UsageView event = read_event(fields);
    if (!fields.is_complete()) return std::nullopt;
    bytes.remove_prefix(framed);
    return event;
}

void append_framed(std::string& out, std::string_view framed) {
    const std::size_t start = out.size();
    out.append(sizeof(LengthBytes), '\0').append(framed.substr(sizeof(LengthBytes)));
    put_number(out.data() + start, static_cast<std::uint32_t>(framed.size() - record_overhead));
}

std::optional<FramedRecord> read_record(std::string_view bytes) {
    LengthBytes length{};
    bytes.copy(length.data(), length.size());
    const std::size_t framed = framed_size(length, bytes.size());
    if (framed == 0) return std::nullopt;
    const std::size_t size = framed - record_overhead;
    const std::string_view body = bytes.substr(record_overhead, size);
    if (checksum(body) != length_at(bytes, 4)) return std::nullopt;
    auto record = decode_record(body);
    if (!record) return std::nullopt;
    return FramedRecord{.record = std::move(*record), .size = record_overhead + size};
}

} // namespace tollgate::storage::journal
