#include "gateway/operation.hpp"

#include <gtest/gtest.h>

namespace tollgate::gateway {
namespace {

using base::ErrorCode;

base::Result<Operation> find_for(std::string_view method, std::string_view path,
                                 std::string_view content_type = "application/json") {
    http::RequestHead head;
    head.method = method;
    head.path = path;
    if (!content_type.empty()) head.fields.add({"Content-Type", content_type});
    return find_operation(head);
}

void expect_refused(std::string_view method, std::string_view path, ErrorCode code) {
    const auto found = find_for(method, path);
    ASSERT_FALSE(found) << method << ' ' << path;
    EXPECT_EQ(found.error().code, code) << method << ' ' << path;
}

TEST(Operation, IsACallForThePathsOfCalls) {
    using domain::Endpoint;
    const std::vector<std::pair<std::string, Endpoint>> paths{
        {"/v1/chat/completions", Endpoint::chat_completions},
        {"/v1/completions", Endpoint::completions},
        {"/v1/embeddings", Endpoint::embeddings},
    };
    for (const auto& [path, endpoint] : paths) {
        const auto found = find_for("POST", path);
        ASSERT_TRUE(found) << path;
        EXPECT_EQ(std::get<Endpoint>(*found), endpoint);
        for (const std::string method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"})
            expect_refused(method, path, ErrorCode::method_not_allowed);
        EXPECT_EQ(allowed_methods(path), "POST");
    }
}

TEST(Operation, TakesCallsAsJsonAlone) {
    for (const std::string type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                                   "application/json;charset=utf-8", "application/json "})
        EXPECT_TRUE(find_for("POST", "/v1/chat/completions", type)) << type;
    for (const std::string type : {"", "text/plain", "application/jsonp", "application/json-seq",
                                   "application", "multipart/form-data"}) {
        const auto found = find_for("POST", "/v1/chat/completions", type);
        ASSERT_FALSE(found) << type;
        EXPECT_EQ(found.error().code, ErrorCode::unsupported_media_type);
    }
}

TEST(Operation, TakesJsonInUtf8Alone) {
    const std::string json = "application/json";
    for (const std::string tail :
         {"; charset=UTF-8", " ; a=b; charset=\"utf-8\"", "; a=\"x; charset=utf-7\"", ";", "; profile=x"})
        EXPECT_TRUE(find_for("POST", "/v1/chat/completions", json + tail)) << tail;
    for (const std::string tail :
         {"; charset=utf-7", ";CHARSET=latin1", "; charset", "; charset =utf-8", "; charset=\"utf-8",
          "; charset=utf-8; charset=utf-7", "; a=\"\\\";\"; charset=utf-7", "; a; charset=x", ", text/plain"})
        EXPECT_FALSE(find_for("POST", "/v1/chat/completions", json + tail)) << tail;
}

TEST(Operation, IsAQuestionOfTheHolder) {
    for (const std::string method : {"GET", "HEAD"}) {
        EXPECT_TRUE(std::holds_alternative<ListModels>(find_for(method, "/v1/models", "").value()));
        EXPECT_TRUE(std::holds_alternative<ShowKey>(find_for(method, "/v1/key", "").value()));
        EXPECT_TRUE(std::holds_alternative<ShowCredits>(find_for(method, "/v1/credits", "").value()));
    }
    for (const std::string path : {"/v1/models", "/v1/models/x", "/v1/key", "/v1/credits"}) {
        expect_refused("POST", path, ErrorCode::method_not_allowed);
        EXPECT_EQ(allowed_methods(path), "GET, HEAD");
    }
}

TEST(Operation, DecodesTheNameOfAModel) {
    const std::vector<std::pair<std::string, std::string>> names{
        {"gpt-4o", "gpt-4o"},   {"openai%2Fgpt-4o", "openai/gpt-4o"}, {"openai/gpt-4o", "openai/gpt-4o"},
        {"a%2fb%2Fc", "a/b/c"}, {"caf%C3%A9", "caf\xC3\xA9"},         {"a+b", "a+b"},
        {"%25", "%"},
    };
    for (const auto& [sent, meant] : names) {
        const auto found = find_for("GET", "/v1/models/" + sent);
        ASSERT_TRUE(found) << sent;
        EXPECT_EQ(std::get<FindModel>(*found).id, meant);
    }
}

TEST(Operation, KnowsNoNameThatIsBrokenOrHidesControlCharacters) {
    for (const std::string name : {"%", "%2", "a%", "a%2", "%zz", "%2g", "%00", "a%0d%0aset-cookie", "%7f"})
        expect_refused("GET", "/v1/models/" + name, ErrorCode::unknown_path);
}

TEST(Operation, IsNothingForAnyOtherPath) {
    for (const std::string path : {"/v1/", "/v1/chat", "/v1/chat/completions/", "/v1/chat/completions/x",
                                   "/v1/Chat/completions", "/v1/models/", "/v1/modelsx", "/v1/key/",
                                   "/v1//models", "/v1/chat%2Fcompletions", "/v1/../health"}) {
        expect_refused("POST", path, ErrorCode::unknown_path);
        expect_refused("GET", path, ErrorCode::unknown_path);
    }
}

} // namespace
} // namespace tollgate::gateway
