// What answers the routes, by the file in which it is. Each runs on a thread of the blocking pool.
#pragma once

#include "dashboard/call.hpp"

namespace tollgate::dashboard {

using Answer = base::Result<Reply>(Call& call);

// auth_answers.cpp
Answer register_account, log_in, log_out, reset_password, change_password;
// session_answers.cpp
Answer show_me, change_me, list_sessions, end_other_sessions, end_session;
// settings_answers.cpp
Answer show_settings, list_models, show_description, show_documentation;
// key_answers.cpp
Answer list_keys, create_key, show_key, change_key, revoke_key, rotate_key, disable_key, enable_key;
// usage_answers.cpp
Answer show_overview, show_summary, show_series;
// call_answers.cpp
Answer list_calls, export_calls;
// billing_answers.cpp
Answer show_balance, list_lots, list_transactions, list_credits, add_credit;
// user_answers.cpp
Answer list_users, create_user, show_user, change_user, end_user_sessions, make_reset;
// invitation_answers.cpp
Answer list_invitations, create_invitation, remove_invitation;
// admin_answers.cpp
Answer list_providers, list_nodes, list_audit;

} // namespace tollgate::dashboard
