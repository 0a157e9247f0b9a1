// Tells systemd how the service stands (sd_notify(3), NOTIFY_SOCKET); does nothing where no manager asks.
#pragma once

#include <string_view>

namespace tollgate::app {

void notify_service_manager(std::string_view state);

} // namespace tollgate::app
