#include "tollgate/telemetry/access_log.hpp"
#include "tollgate/telemetry/log.hpp"
#include "unit/telemetry/written_log.hpp"

#include <gtest/gtest.h>

namespace tollgate::telemetry {

using namespace std::chrono_literals;
using testing::without_time;
using testing::WrittenLog;

TEST(AccessLog, WritesOneLineWithAllThatIsKnown) {
    WrittenLog log;
    log_access({.request_id = "req_1",
                .client_address = "10.0.0.1",
                .method = "POST",
                .path = "/v1/chat/completions",
                .status = 200,
                .duration = 1500ms,
                .bytes_in = 100,
                .bytes_out = 2000,
                .reason = "client_gone",
                .key_id = "key_1",
                .account_id = "acc_1",
                .model = "gpt-4o",
                .provider = "openai",
                .input_tokens = 10,
                .output_tokens = 20,
                .cost = base::Money::of_micros(1234),
                .first_byte = 300ms,
                .attempts = 2,
                .stream = true,
                .client_gone = true});
    EXPECT_EQ(
        without_time(log.text()),
        R"({"time":"","level":"info","message":"request","request_id":"req_1","client_address":"10.0.0.1",)"
        R"("method":"POST","path":"/v1/chat/completions","status":200,"duration_ms":1500,"bytes_in":100,)"
        R"("bytes_out":2000,"reason":"client_gone","key_id":"key_1","account_id":"acc_1","model":"gpt-4o",)"
        R"("provider":"openai","input_tokens":10,"output_tokens":20,"cost_micros":1234,)"
        R"("first_byte_ms":300,"attempts":2,"stream":true,"client_gone":true})"
        "\n");
}

TEST(AccessLog, LeavesOutWhatIsNotKnown) {
    WrittenLog log({.format = LogFormat::human});
    log_access(
        {.request_id = "r", .client_address = "::1", .method = "GET", .path = "/health", .status = 404});
    EXPECT_EQ(without_time(log.text()),
              " info  request request_id=r client_address=::1 method=GET path=/health "
              "status=404 duration_ms=0 bytes_in=0 bytes_out=0\n");
}

TEST(AccessLog, WritesACostOfZeroBecauseItIsKnown) {
    WrittenLog log;
    log_access({.status = 200, .cost = base::Money{}});
    EXPECT_NE(log.text().find("\"cost_micros\":0"), std::string::npos);
}

TEST(AccessLog, IsLimitedToErrorsOrSwitchedOff) {
    struct Row {
        LogLevel level;
        AccessLog access;
        int status;
        bool written;
    };
    for (const Row& row :
         {Row{LogLevel::info, AccessLog::all, 200, true}, Row{LogLevel::info, AccessLog::errors, 399, false},
          Row{LogLevel::info, AccessLog::errors, 400, true}, Row{LogLevel::info, AccessLog::off, 500, false},
          Row{LogLevel::warn, AccessLog::all, 500, false}, Row{LogLevel::debug, AccessLog::all, 200, true}}) {
        WrittenLog log({.level = row.level, .access = row.access});
        log_access({.status = row.status});
        EXPECT_EQ(!log.text().empty(), row.written) << row.status;
    }
}

TEST(AccessLog, IsSilentWithoutALog) {
    log_access({.status = 200});
}

} // namespace tollgate::telemetry
