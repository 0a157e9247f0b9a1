#include "tollgate/base/ids.hpp"

#include "tollgate/base/digest.hpp"

#include <algorithm>

namespace tollgate::base {

namespace {

bool may_be_in_request_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

} // namespace

KeyId new_key_id() {
    return KeyId("key_" + random_hex(8));
}

AccountId new_account_id() {
    return AccountId("acc_" + random_hex(8));
}

RequestId new_request_id() {
    return RequestId("req_" + random_hex(16));
}

bool is_well_formed_request_id(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, may_be_in_request_id);
}

} // namespace tollgate::base
