#include "tollgate/upstream/request.hpp"

#include <gtest/gtest.h>

namespace tollgate::upstream {
namespace {

Provider provider() {
    Provider provider;
    provider.host_field = "api.example";
    provider.base_path = "/v1";
    provider.keys.emplace_back(std::string("sk-own"));
    return provider;
}

std::string head_for(const http::Fields& fields) {
    RequestTarget target;
    target.path = "/chat/completions";
    target.body_length = 7;
    return std::string(build_request_head(provider(), target, fields).view());
}

TEST(RequestHeadForAProvider, HasOurHostCredentialAndLength) {
    EXPECT_EQ(head_for({}),
              "POST /v1/chat/completions HTTP/1.1\r\nhost: api.example\r\nauthorization: Bearer "
              "sk-own\r\naccept-encoding: identity\r\ncontent-length: 7\r\n\r\n");
}

TEST(RequestHeadForAProvider, CarriesWhatMayCrossAndNothingElse) {
    http::Fields fields;
    for (const http::Field field : {http::Field{"Host", "gateway"},
                                    {"Authorization", "Bearer sk-client"},
                                    {"Cookie", "a=b"},
                                    {"Content-Length", "9"},
                                    {"Transfer-Encoding", "chunked"},
                                    {"User-Agent", "x"},
                                    {"X-Odd", "y"}})
        fields.add(field);
    EXPECT_NE(head_for(fields).find("User-Agent: x\r\ncontent-length: 7\r\n"), std::string::npos);
    for (const std::string gone : {"gateway", "sk-client", "Cookie", "9", "chunked", "X-Odd"})
        EXPECT_EQ(head_for(fields).find(gone), std::string::npos) << gone;
}

TEST(RequestHeadForAProvider, RepeatsListsAndNothingElse) {
    http::Fields fields;
    fields.add({"Accept", "a"});
    fields.add({"User-Agent", "first"});
    fields.add({"user-agent", "second"});
    fields.add({"accept", "b"});
    const std::string head = head_for(fields);
    EXPECT_NE(head.find("Accept: a\r\nUser-Agent: first\r\naccept: b\r\n"), std::string::npos) << head;
    EXPECT_EQ(head.find("second"), std::string::npos);
}

TEST(RequestHeadForAProvider, LeavesOutWhatConnectionNames) {
    http::Fields fields;
    fields.add({"Connection", "close, X-A, User-Agent"});
    fields.add({"User-Agent", "first"});
    EXPECT_EQ(head_for(fields), head_for({}));
}

} // namespace
} // namespace tollgate::upstream
