#include "tollgate/base/error.hpp"

namespace tollgate::base {

// style(function-size): a table with a line for each code
std::string_view to_string(ErrorCode code) {
    switch (code) {
#define TG_NAME(name)                                                                                        \
    case ErrorCode::name: return #name
        TG_NAME(malformed_request);
        TG_NAME(malformed_json);
        TG_NAME(missing_field);
        TG_NAME(invalid_field);
        TG_NAME(ambiguous_credential);
        TG_NAME(unpriced_model);
        TG_NAME(missing_key);
        TG_NAME(invalid_key);
        TG_NAME(revoked_key);
        TG_NAME(disabled_key);
        TG_NAME(missing_session);
        TG_NAME(invalid_session);
        TG_NAME(invalid_login);
        TG_NAME(budget_exceeded);
        TG_NAME(wallet_empty);
        TG_NAME(expired_key);
        TG_NAME(account_disabled);
        TG_NAME(model_not_allowed);
        TG_NAME(address_not_allowed);
        TG_NAME(admin_required);
        TG_NAME(cross_origin);
        TG_NAME(registration_closed);
        TG_NAME(invalid_token);
        TG_NAME(unknown_path);
        TG_NAME(unknown_model);
        TG_NAME(method_not_allowed);
        TG_NAME(request_timeout);
        TG_NAME(conflict);
        TG_NAME(length_required);
        TG_NAME(request_too_large);
        TG_NAME(unsupported_media_type);
        TG_NAME(expectation_failed);
        TG_NAME(head_too_large);
        TG_NAME(not_implemented);
        TG_NAME(version_not_supported);
        TG_NAME(requests_per_minute);
        TG_NAME(tokens_per_minute);
        TG_NAME(concurrency);
        TG_NAME(budget_reserved);
        TG_NAME(too_many_attempts);
        TG_NAME(internal);
        TG_NAME(all_providers_failed);
        TG_NAME(invalid_response);
        TG_NAME(no_provider);
        TG_NAME(storage_unavailable);
        TG_NAME(overloaded);
        TG_NAME(draining);
        TG_NAME(connect_timeout);
        TG_NAME(first_byte_timeout);
        TG_NAME(idle_timeout);
        TG_NAME(total_timeout);
        TG_NAME(client_gone);
        TG_NAME(connection_closed);
        TG_NAME(cancelled);
        TG_NAME(invalid_configuration);
        TG_NAME(not_found);
        TG_NAME(already_exists);
#undef TG_NAME
    }
    return "internal";
}

} // namespace tollgate::base
