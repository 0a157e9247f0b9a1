#include "app/reload.hpp"

#include <gtest/gtest.h>

namespace tollgate::app {

TEST(Reload, TakesOverProvidersPricesRoutingTlsFilesAndLogLevel) {
    config::Config running;
    running.server.tls = {"old.pem", "old.key"};
    config::Config read;
    read.server.tls = {"new.pem", "new.key"};
    read.billing.prices = "new-prices.json";
    read.providers["mistral"].attempts = 7;
    read.routing.pool = "mistral";
    read.usage.add_cost = false;
    read.telemetry.log_level = config::LogLevel::debug;
    EXPECT_EQ(reloaded(running, read), read);
    EXPECT_TRUE(settings_for_restart(running, read).empty());
}

TEST(Reload, LeavesWhatSocketsAndBooksAreMadeOf) {
    const config::Config running;
    config::Config read;
    read.server.listen = {{.host = "127.0.0.1", .port = 1}};
    read.server.tls = {"chain.pem", "key.pem"};
    read.storage.journal = "elsewhere";
    read.billing.currency = "EUR";
    read.billing.time_zone = "UTC";
    read.billing.wallet = true;
    EXPECT_EQ(reloaded(running, read), running);
    const std::vector<std::string> names{"server.listen",    "server.tls",        "storage",
                                         "billing.currency", "billing.time_zone", "billing.wallet"};
    EXPECT_EQ(settings_for_restart(running, read), names);
}

} // namespace tollgate::app
