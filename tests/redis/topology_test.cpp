// The ways to a Redis: TLS, socket files, passwords and users, databases, sentinels with a failover, a
// cluster of three masters. Each with a real server; what is asked is always the same: does the quota store
// work over it?
#include "support/certificate.hpp"
#include "support/eventually.hpp"
#include "support/redis_fixture.hpp"
#include "support/redis_server.hpp"
#include "support/task_runner.hpp"
#include "tollgate/runtime/clock.hpp"

#include <fstream>

namespace tollgate::tests {

namespace {

using namespace std::chrono_literals;
using testing::RedisServer;
using testing::RedisShareFixture;

storage::RedisSettings settings_for(const std::string& url) {
    auto settings = *storage::parse_redis_url(url);
    settings.command_time = 5s; // the machine may be busy
    return settings;
}

class Topology : public ::testing::Test {
protected:
    void connect(storage::RedisSettings settings) {
        if (share_) former_.push_back(std::move(share_)); // its tasks live as long as the loop
        share_ = std::make_unique<RedisShareFixture>(worker_.worker(), std::move(settings),
                                                     storage::RedisShareOptions{});
        share_->begin_epoch(1);
    }
    bool joins(std::uint64_t epoch = 1) {
        const auto end = runtime::steady_now() + 30s;
        while (!share_->has_joined(epoch) && runtime::steady_now() < end) worker_.loop().run_one_for(5ms);
        return share_->has_joined(epoch);
    }

    /// A call of an account with a budget of 100, of which it wants all; true: it was granted.
    bool takes_all(const std::string& account) {
        domain::Demand demand{.id = base::new_request_id(base::WallTime{}),
                              .key_id = base::KeyId("key_" + account),
                              .account_id = base::AccountId(account),
                              .generation = 1,
                              .is_just_read = true,
                              .rate_limit = 100,
                              .purses = {{.name = "budget:" + account, .cap = base::Money::of_micros(100)}},
                              .bound = base::Money::of_micros(100),
                              .minimum = base::Money::of_micros(100),
                              .lease = 60s,
                              .now = runtime::steady_now()};
        const domain::PurseTotal nothing{"budget:" + account, base::Money()};
        auto decision = run_task(worker_.loop(), share_->quota().reserve(demand));
        if (const auto* cold = decision ? std::get_if<domain::Cold>(&*decision) : nullptr) {
            const std::uint64_t epoch = cold->epoch;
            const auto warmed =
                run_task(worker_.loop(), share_->quota().warm(demand.account_id, nothing, epoch));
            if (!warmed) return false;
            decision = run_task(worker_.loop(), share_->quota().reserve(demand));
        }
        if (!decision) last_error_ = decision.error().message;
        return decision && std::holds_alternative<domain::Grant>(*decision) &&
               share_->share().status().local_steps == 0;
    }

    testing::TestWorker worker_;
    std::vector<std::unique_ptr<RedisShareFixture>> former_;
    std::unique_ptr<RedisShareFixture> share_;
    std::string last_error_;
};

} // namespace

TEST_F(Topology, ReachesASocketFileAndADatabaseOfItsOwn) {
    RedisServer server;
    connect(settings_for("unix:" + server.socket_path() + "?db=3"));
    ASSERT_TRUE(joins());
    EXPECT_TRUE(takes_all("acc_1"));
    EXPECT_FALSE(takes_all("acc_1"));
    EXPECT_EQ(server.say({"DBSIZE"}), "0");
    EXPECT_NE(server.say({"-n", "3", "DBSIZE"}), "0");
}

TEST_F(Topology, SaysWhoItIs) {
    RedisServer server({"--requirepass", "geheim", "--user", "app", "on", ">pa/ss", "~*", "&*", "+@all"});
    connect(settings_for("redis://:geheim@" + server.address()));
    ASSERT_TRUE(joins());
    EXPECT_TRUE(takes_all("acc_1"));
    connect(settings_for("redis://app:pa%2Fss@" + server.address()));
    ASSERT_TRUE(joins());
    EXPECT_FALSE(takes_all("acc_1"));
    EXPECT_TRUE(takes_all("acc_2"));
}

TEST_F(Topology, AWrongPasswordIsAFaultOfTheConfigurationAndHealsWhenItIsPutRight) {
    RedisServer server({"--requirepass", "geheim"});
    connect(settings_for("redis://:falsch@" + server.address()));
    const auto& status = share_->share().status();
    worker_.turn_until([&] { return status.is_refused.load(); });
    EXPECT_FALSE(status.is_up.load());
    connect(settings_for("redis://" + server.address()));
    const auto& second = share_->share().status();
    worker_.turn_until([&] { return second.is_refused.load(); });
    server.say({"-a", "geheim", "CONFIG", "SET", "requirepass", ""});
    ASSERT_TRUE(joins());
    EXPECT_TRUE(takes_all("acc_1"));
}

TEST_F(Topology, EncryptsAndChecksTheCertificate) {
    testing::TemporaryDirectory directory;
    const auto certificate = testing::make_certificate(directory.path(), "IP:127.0.0.1");
    const std::uint16_t port = testing::free_port();
    RedisServer server({"--tls-port", std::to_string(port), "--tls-cert-file", certificate.chain_file,
                        "--tls-key-file", certificate.key_file, "--tls-ca-cert-file", certificate.chain_file,
                        "--tls-auth-clients", "no"});
    auto settings = settings_for("rediss://127.0.0.1:" + std::to_string(port));
    settings.tls = *runtime::make_tls_client(certificate.chain_file);
    connect(settings);
    ASSERT_TRUE(joins());
    EXPECT_TRUE(takes_all("acc_1"));

    settings.tls = *runtime::make_tls_client(""); // the system's authorities do not know it
    connect(settings);
    for (int i = 0; i < 200; ++i) worker_.loop().run_one_for(5ms);
    EXPECT_FALSE(share_->has_joined(1));
    EXPECT_FALSE(share_->share().status().is_up.load());
}

TEST_F(Topology, AReplicaIsNotUsed) {
    RedisServer master;
    RedisServer replica({"--replicaof", "127.0.0.1", std::to_string(master.port())});
    connect(settings_for("redis://" + replica.address()));
    for (int i = 0; i < 100; ++i) worker_.loop().run_one_for(5ms);
    EXPECT_FALSE(share_->share().status().is_up.load());
    replica.say({"REPLICAOF", "NO", "ONE"});
    ASSERT_TRUE(joins());
    EXPECT_TRUE(takes_all("acc_1"));
}

namespace {

/// Sentinels are redis-servers with a file that they rewrite.
class Sentinel {
public:
    Sentinel(const RedisServer& master, int quorum) : port_(testing::free_port()) {
        const auto file = directory_.path() / "sentinel.conf";
        std::ofstream(file)
            << "port " << port_ << "\nbind 127.0.0.1\ndir " << directory_.path().string()
            << "\nsentinel monitor main 127.0.0.1 " << master.port() << " " << quorum
            << "\nsentinel down-after-milliseconds main 1000\nsentinel failover-timeout main 3000\n";
        process_ = std::make_unique<testing::Process>("/usr/bin/redis-server",
                                                      std::vector<std::string>{file.string(), "--sentinel"},
                                                      directory_.path());
        process_->wait_for("+monitor master main", "\n");
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    /// The port of the replicas and sentinels that it knows, or of the master.
    std::string say(const std::vector<std::string>& words) const {
        std::vector<std::string> arguments{"-p", std::to_string(port_)};
        arguments.insert(arguments.end(), words.begin(), words.end());
        return testing::run("/usr/bin/redis-cli", arguments, directory_.path()).output;
    }

private:
    testing::TemporaryDirectory directory_;
    std::uint16_t port_;
    std::unique_ptr<testing::Process> process_;
};

} // namespace

TEST_F(Topology, FollowsTheSentinelsToANewMasterAndTakesItsCountersForLost) {
    RedisServer master;
    RedisServer replica({"--replicaof", "127.0.0.1", std::to_string(master.port())});
    ASSERT_TRUE(testing::eventually([&] {
        return replica.say({"INFO", "replication"}).find("master_link_status:up") != std::string::npos;
    }));
    Sentinel sentinel(master, 1);
    ASSERT_TRUE(testing::eventually([&] {
        return sentinel.say({"SENTINEL", "replicas", "main"}).find(std::to_string(replica.port())) !=
               std::string::npos;
    }));
    auto settings = settings_for("redis+sentinel://127.0.0.1:1," + sentinel.address() + "/main");
    settings.command_time = 1s;
    connect(settings);
    ASSERT_TRUE(joins());
    EXPECT_TRUE(takes_all("acc_1")) << last_error_;
    replica.freeze(); // it lags: what follows, it never sees
    EXPECT_TRUE(takes_all("acc_2")) << last_error_;
    replica.thaw();
    master.kill();
    const auto& status = share_->share().status();
    worker_.turn_until(
        [&] { return status.lost.load() == 1; }); // another server than the one that was marked
    share_->begin_epoch(2);
    ASSERT_TRUE(joins(2));
    EXPECT_FALSE(takes_all("acc_1")); // told anew by the worker that made the calls
    EXPECT_FALSE(takes_all("acc_2"));
    EXPECT_TRUE(takes_all("acc_3")) << last_error_;
}

TEST_F(Topology, SpreadsAccountsOverAClusterAndFollowsASlotThatMoves) {
    std::vector<std::unique_ptr<RedisServer>> servers;
    for (int i = 0; i < 3; ++i) {
        servers.push_back(std::make_unique<RedisServer>(
            std::vector<std::string>{"--cluster-enabled", "yes", "--cluster-node-timeout", "3000",
                                     "--cluster-config-file", "nodes.conf"}));
    }
    std::vector<std::string> make{"--cluster", "create"};
    for (const auto& server : servers) make.push_back(server->address());
    make.insert(make.end(), {"--cluster-replicas", "0", "--cluster-yes"});
    testing::run("/usr/bin/redis-cli", make, servers[0]->directory());
    for (const auto& server : servers) {
        ASSERT_TRUE(testing::eventually(
            [&] { return server->say({"CLUSTER", "INFO"}).find("cluster_state:ok") != std::string::npos; }));
    }
    connect(settings_for("redis+cluster://" + servers[1]->address()));
    ASSERT_TRUE(joins());
    for (int i = 0; i < 30; ++i) {
        const std::string account = "acc_" + std::to_string(i);
        EXPECT_TRUE(takes_all(account)) << account << ": " << last_error_;
        EXPECT_FALSE(takes_all(account));
    }
    for (const auto& server : servers) EXPECT_NE(server->say({"DBSIZE"}), "0");

    // The slot of one account moves to another server, key by key, while the worker still believes the old
    // map.
    const std::string key = "tollgate:q:{acc_7}";
    const std::string slot = servers[0]->say({"CLUSTER", "KEYSLOT", key});
    std::size_t from = 0;
    while (servers[from]->say({"CLUSTER", "COUNTKEYSINSLOT", slot}) == "0") ++from;
    const std::size_t to = (from + 1) % 3;
    const std::string from_id = servers[from]->say({"CLUSTER", "MYID"});
    const std::string to_id = servers[to]->say({"CLUSTER", "MYID"});
    servers[to]->say({"CLUSTER", "SETSLOT", slot, "IMPORTING", from_id});
    servers[from]->say({"CLUSTER", "SETSLOT", slot, "MIGRATING", to_id});
    for (const std::string& each : std::vector<std::string>{key, "tollgate:w:{acc_7}:key_acc_7"}) {
        servers[from]->say({"MIGRATE", "127.0.0.1", std::to_string(servers[to]->port()), each, "0", "5000"});
    }
    EXPECT_FALSE(takes_all("acc_7")) << "asked where it went"; // ASK
    servers[to]->say({"CLUSTER", "SETSLOT", slot, "NODE", to_id});
    servers[from]->say({"CLUSTER", "SETSLOT", slot, "NODE", to_id});
    EXPECT_FALSE(takes_all("acc_7")) << "moved"; // MOVED
    EXPECT_EQ(share_->share().status().local_steps, 0U);
    EXPECT_EQ(share_->share().status().lost, 0U);
}

} // namespace tollgate::tests
