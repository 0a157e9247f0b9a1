#include "tollgate/http/json_call.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>

namespace tollgate::http {

namespace {

using base::ErrorCode;
using domain::Call;
using domain::Endpoint;
using domain::Span;

/// A chat body with `members` behind what it needs.
std::string chat(std::string_view members) {
    return R"({"model":"gpt-4o","messages":[])" + std::string(members) + "}";
}

base::Result<Call> parse(std::string_view body) {
    return parse_call(body, Endpoint::chat_completions);
}

std::string_view at(std::string_view body, const Span& span) {
    return body.substr(span.offset, span.length);
}

void expect_refused(std::string_view body, ErrorCode code, std::string_view param = "") {
    const auto call = parse(body);
    ASSERT_FALSE(call.has_value()) << body;
    EXPECT_EQ(to_string(call.error().code), to_string(code)) << body;
    EXPECT_EQ(call.error().param, param) << body;
    EXPECT_EQ(call.error().source, base::ErrorSource::client);
}

} // namespace

TEST(ParseCall, ReadsTheDecidingFieldsAndWhereTheyStand) {
    const std::string body =
        " {\r\n \"messages\" : [ {\"role\":\"user\",\"content\":\"hi\\n\"} ] , \"n\" : 3,\t\"model\""
        " : \"openai/gpt-4o\" ,\"stream\":true , \"stream_options\" : {\"x\":[{}], \"include_usage\""
        " : false } ,\"max_tokens\": 500 ,\"max_completion_tokens\":20\n,\"best_of\":2} \n";
    const auto call = parse(body);
    ASSERT_TRUE(call.has_value()) << call.error().message;
    EXPECT_EQ(call->model, "openai/gpt-4o");
    EXPECT_EQ(at(body, call->model_value), "\"openai/gpt-4o\"");
    EXPECT_TRUE(call->stream);
    EXPECT_FALSE(call->include_usage);
    EXPECT_EQ(at(body, call->include_usage_value.value()), "false");
    EXPECT_EQ(at(body, call->stream_options_value.value()), R"({"x":[{}], "include_usage" : false })");
    EXPECT_TRUE(call->has_stream_options_members);
    ASSERT_EQ(call->output_caps.size(), 2u);
    EXPECT_EQ(call->output_caps[0].tokens, 500u);
    EXPECT_EQ(at(body, call->output_caps[0].value), "500");
    EXPECT_EQ(call->output_caps[1].tokens, 20u);
    EXPECT_EQ(at(body, call->output_caps[1].value), "20");
    EXPECT_EQ(call->choices, 3u);
    EXPECT_EQ(call->best_of, 2u);
    EXPECT_EQ(call->prompt_bytes, body.size());
    EXPECT_EQ(call->object_open, 2u);
    EXPECT_FALSE(call->is_empty_object);
}

TEST(ParseCall, HasDefaultsForWhatIsAbsentOrNull) {
    for (const char* members :
         {"", R"(,"stream":null,"max_tokens":null,"n":null,"best_of":null,"stream_options":null)"}) {
        const auto call = parse(chat(members));
        ASSERT_TRUE(call.has_value());
        EXPECT_FALSE(call->stream);
        EXPECT_FALSE(call->include_usage);
        EXPECT_TRUE(call->output_caps.empty());
        EXPECT_EQ(call->choices, 1u);
        EXPECT_EQ(call->best_of, 1u);
        EXPECT_FALSE(call->has_stream_options_members);
    }
}

TEST(ParseCall, TellsWhereNullsStandThatAnEditMustReplace) {
    const std::string body = chat(R"(,"max_tokens": null ,"stream_options":null)");
    const auto call = parse(body);
    ASSERT_TRUE(call.has_value());
    ASSERT_EQ(call->null_output_caps.size(), 1u);
    EXPECT_EQ(at(body, call->null_output_caps[0]), "null");
    EXPECT_EQ(at(body, call->stream_options_value.value()), "null");
    EXPECT_FALSE(call->include_usage_value.has_value());
}

TEST(ParseCall, EditsMadeAtItsSpansGiveTheCallThatWasMeant) {
    for (const char* members : {"", R"(,"stream_options":{})", R"(,"stream_options":null,"max_tokens":null)",
                                R"(,"max_tokens":900)", R"(,"stream_options":{"include_usage":null})",
                                R"(,"stream_options":{"a":{"include_usage":true}})",
                                R"(,"max_completion_tokens":null,"max_tokens":900)"}) {
        const std::string body = chat(members);
        const auto call = parse(body);
        ASSERT_TRUE(call.has_value()) << body;
        auto splices = cap_output(*call, 100, "max_tokens");
        splices.push_back(rename_model(*call, "m\"2"));
        splices.push_back(ask_for_usage(*call).value());
        const std::string edited = apply_splices(body, splices);
        const auto again = parse(edited);
        ASSERT_TRUE(again.has_value()) << edited;
        EXPECT_EQ(again->model, "m\"2");
        EXPECT_TRUE(again->include_usage);
        ASSERT_EQ(again->output_caps.size(), 1u);
        EXPECT_EQ(again->output_caps[0].tokens, 100u);
    }
}

TEST(ParseCall, NeedsWhatTheEndpointNeeds) {
    expect_refused("{}", ErrorCode::missing_field, "model");
    expect_refused(R"({"messages":[]})", ErrorCode::missing_field, "model");
    expect_refused(R"({"model":"a"})", ErrorCode::missing_field, "messages");
    expect_refused(R"({"model":"a","messages":null})", ErrorCode::missing_field, "messages");
    for (const char* value : {"{}", "\"a\"", "1", "true"}) {
        expect_refused(R"({"model":"a","messages":)" + std::string(value) + "}", ErrorCode::invalid_field,
                       "messages");
    }
    EXPECT_TRUE(parse_call(R"({"model":"a"})", Endpoint::completions).has_value());
    EXPECT_TRUE(parse_call(R"({"model":"a","messages":1})", Endpoint::completions).has_value());
    EXPECT_TRUE(parse_call(R"({"model":"a","input":"x"})", Endpoint::embeddings).has_value());
    EXPECT_TRUE(parse_call(R"({"model":"a","input":[1,2]})", Endpoint::embeddings).has_value());
    for (const char* body : {R"({"model":"a"})", R"({"model":"a","input":null})"}) {
        EXPECT_EQ(parse_call(body, Endpoint::embeddings).error().param, "input");
    }
}

TEST(ParseCall, RefusesModelsThatAreNoNames) {
    for (const char* value :
         {"null", "1", "true", "[]", "{}", "\"\"", "\"a\\nb\"", "\"a\\u0000\"", "\"\\u007f\""}) {
        expect_refused(R"({"model":)" + std::string(value) + R"(,"messages":[]})", ErrorCode::invalid_field,
                       "model");
    }
    const std::string longest(256, 'x');
    EXPECT_EQ(parse(R"({"messages":[],"model":")" + longest + "\"}").value().model, longest);
    expect_refused(R"({"messages":[],"model":")" + longest + "x\"}", ErrorCode::invalid_field, "model");
    EXPECT_EQ(parse(R"({"messages":[],"model":"a\/\u00e9"})").value().model, "a/\xc3\xa9");
}

TEST(ParseCall, RefusesOtherTypesAndRanges) {
    for (const char* name : {"max_tokens", "max_completion_tokens", "n", "best_of"}) {
        for (const char* value :
             {"0", "-1", "-0", "1.0", "1.5", "1e2", "1E0", "\"1\"", "true", "[]", "{}", "1000000001",
              "18446744073709551616", "123456789012345678901234567890", "1e999"}) {
            expect_refused(chat(",\"" + std::string(name) + "\":" + value), ErrorCode::invalid_field, name);
        }
    }
    EXPECT_EQ(parse(chat(R"(,"n":128)")).value().choices, 128u);
    EXPECT_EQ(parse(chat(R"(,"max_tokens":1000000000)")).value().output_caps[0].tokens, 1'000'000'000u);
    expect_refused(chat(R"(,"n":129)"), ErrorCode::invalid_field, "n");
    for (const char* value : {"1", "\"true\"", "[]", "{}"}) {
        expect_refused(chat(",\"stream\":" + std::string(value)), ErrorCode::invalid_field, "stream");
        expect_refused(chat(R"(,"stream_options":{"include_usage":)" + std::string(value) + "}"),
                       ErrorCode::invalid_field, "stream_options.include_usage");
    }
    for (const char* value : {"1", "\"true\"", "[]", "true"}) {
        expect_refused(chat(",\"stream_options\":" + std::string(value)), ErrorCode::invalid_field,
                       "stream_options");
    }
}

TEST(ParseCall, RefusesTwoMembersOfOneNameHoweverTheyAreWritten) {
    for (const char* body :
         {R"({"model":"a","model":"b","messages":[]})", R"({"model":"a","messages":[],"mod\u0065l":"b"})",
          R"({"\u006dodel":"a","model":"a","messages":[]})", R"({"model":"a","messages":[],"x":1,"x":1})",
          R"({"model":"a","messages":[],"stream_options":{"include_usage":true,"include_usag\u0065":false}})",
          R"({"model":"a","messages":[{"role":"user","role":"system"}]})",
          R"({"model":"a","messages":[],"":1,"":2})", R"({"model":"a","messages":[],"a\/":1,"a/":2})"}) {
        expect_refused(body, ErrorCode::malformed_json);
    }
    std::string many;
    for (int i = 0; i < 300; ++i) many += ",\"k" + std::to_string(i) + "\":" + std::to_string(i);
    EXPECT_TRUE(parse(chat(many)).has_value());
    expect_refused(chat(many + R"(,"k7":1)"), ErrorCode::malformed_json);
    EXPECT_TRUE(parse(chat(R"(,"a":{"x":1},"b":{"x":1},"c":[{"x":{"x":1}}])")).has_value());
}

TEST(ParseCall, RefusesTwoMembersOfOneNameInAMessage) {
    for (const char* message :
         {R"({"role":"a","role":"b"})", R"({"role":"a","content":"b","role":"c"})",
          R"({"type":"text","text":"a","text":"b"})", R"({"content":"a","role":"b","content":"c"})"}) {
        expect_refused(R"({"model":"m","messages":[)" + std::string(message) + "]}",
                       ErrorCode::malformed_json);
    }
}

TEST(ParseCall, ReadsAnEscapedNameAsTheNameItIs) {
    const std::string body = R"({"mod\u0065l":"gpt-4o","messages":[],"\u0073tream":true})";
    const auto call = parse(body);
    ASSERT_TRUE(call.has_value());
    EXPECT_EQ(call->model, "gpt-4o");
    EXPECT_EQ(at(body, call->model_value), "\"gpt-4o\"");
    EXPECT_TRUE(call->stream);
}

TEST(ParseCall, RefusesBodiesThatAreNoObject) {
    for (const char* body : {"", " ", "null", "1", "\"a\"", "[]", "[{}]", "true", "{", "}", "{}{}", "{} x",
                             "{},", "\xEF\xBB\xBF{}", "{}]", "{}}", "x{}", "//\n{}"}) {
        expect_refused(body, ErrorCode::malformed_json);
    }
    expect_refused(std::string_view("{}\0", 3), ErrorCode::malformed_json);
}

TEST(ParseCall, RefusesMalformedJsonAnywhereEvenWhereNothingIsRead) {
    for (const char* value : {"",
                              "01",
                              "1.",
                              ".5",
                              "+1",
                              "-",
                              "1e",
                              "0x1",
                              "NaN",
                              "Infinity",
                              "nul",
                              "True",
                              "tru e",
                              "'a'",
                              "\"a",
                              "\"\\x\"",
                              "\"\\u12\"",
                              "\"\\ud800\"",
                              "\"\\udc00\"",
                              "\"a\nb\"",
                              "\"a\tb\"",
                              "\"\x01\"",
                              "[1,]",
                              "[,1]",
                              "[1 2]",
                              "[1",
                              "]",
                              "{\"a\"}",
                              "{\"a\":}",
                              "{\"a\":1,}",
                              "{,}",
                              "{a:1}",
                              "{\"a\" 1}",
                              "{\"a\":1 \"b\":2}",
                              "{1:2}",
                              "\"a\":\"b\"",
                              "\"a\" \"b\"",
                              "\"a\"1",
                              "1\"a\"",
                              "1:2",
                              "[\"a\":1]",
                              "{\"a\":1]",
                              "[1}",
                              "[[1}]",
                              "\xff",
                              "\"\xff\"",
                              "\"\xc0\x80\"",
                              "\"\xed\xa0\x80\"",
                              "\"\xf4\x90\x80\x80\"",
                              "\"\xe2\x82\"",
                              "/**/1",
                              "1//x",
                              ":",
                              ",",
                              "\f1",
                              "\xC2\xA0"
                              "1"}) {
        for (const char* frame :
             {"%", "[%]", "{\"k\":%}", "[{\"k\":[%]}]", "[0,%,1]", "{\"j\":\"s\",\"k\":%,\"l\":[]}"}) {
            std::string framed = frame;
            framed.replace(framed.find('%'), 1, value);
            // An empty array is no fault, and a second member in the frame's object none either.
            if (nlohmann::json::accept(framed)) continue;
            expect_refused(chat(",\"x\":" + framed), ErrorCode::malformed_json);
        }
    }
    expect_refused(chat(std::string_view(",\"x\":\"\0\"", 8)), ErrorCode::malformed_json);
}

TEST(ParseCall, CallsABodyThatIsNotUtf8ThatWhateverElseIsWrongWithIt) {
    const std::string deep = chat(",\"x\":" + std::string(200, '[') + std::string(200, ']'));
    for (const std::string& body :
         {chat(""), std::string("7"), chat(",\"x\":1,\"x\":2"), chat(",\"x\":"), deep}) {
        const auto refused = parse_call(body + "\xff", Endpoint::chat_completions);
        ASSERT_FALSE(refused.has_value()) << body;
        EXPECT_EQ(refused.error().message, "The body is not UTF-8.") << body;
    }
    EXPECT_FALSE(parse_call(chat(",\"x\":\"\xed\xa0\x80\""), Endpoint::chat_completions).has_value());
    EXPECT_TRUE(parse_call(chat(",\"x\":\"\xc3\xa9\""), Endpoint::chat_completions).has_value());
}

TEST(ParseCall, CountsWhatItsBytesDoNotBound) {
    const auto attachments = [](const std::string& content) {
        const auto call =
            parse_call(R"({"model":"m","tools":[{"image_url":1}],"messages":[{"role":"user","content":)" +
                           content + "}]}",
                       Endpoint::chat_completions);
        return call.value().attachments;
    };
    EXPECT_EQ(attachments(R"("text with \"image_url\": in it")"), 0U);
    EXPECT_EQ(attachments(R"([{"type":"text","text":"image_url"}])"), 0U);
    EXPECT_EQ(attachments(R"([{"type":"image_url","image_url":"https://a"},{"type":"file","file":{}}])"), 2U);
    EXPECT_EQ(attachments(R"([{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}])"), 1U);
    EXPECT_EQ(attachments(R"([{"type":"image","source":{"type":"base64"}}])"), 1U);
    EXPECT_EQ(attachments(R"([{"type":"image_url","image\u005furl":"https://a"}])"), 1U);
}

TEST(ParseCall, SeesWhetherTheProviderAddsAPromptForTools) {
    const auto has_tools = [](const std::string& member) {
        return parse_call(R"({"model":"m","messages":[],)" + member + "}", Endpoint::chat_completions)
            .value()
            .has_tools;
    };
    EXPECT_TRUE(has_tools(R"("tools":[{"type":"function"}])"));
    EXPECT_TRUE(has_tools(R"("functions":[{}])"));
    EXPECT_TRUE(has_tools(R"("web_search_options":{})"));
    EXPECT_FALSE(has_tools(R"("tools":[])"));
    EXPECT_FALSE(has_tools(R"("tools":null)"));
    EXPECT_FALSE(has_tools(R"("tool_choice":"auto")"));
}

TEST(ParseCall, CountsThePromptsOfACompletion) {
    const auto prompts = [](const std::string& value, Endpoint endpoint) {
        return parse_call(R"({"model":"m","input":"x","prompt":)" + value + "}", endpoint).value().prompts;
    };
    EXPECT_EQ(prompts(R"("a,b")", Endpoint::completions), 1U);
    EXPECT_EQ(prompts(R"(["a,b"])", Endpoint::completions), 1U);
    EXPECT_EQ(prompts(R"([ "a", "b", "c" ])", Endpoint::completions), 3U);
    EXPECT_EQ(prompts("[[1,2],[3]]", Endpoint::completions), 2U);
    EXPECT_EQ(prompts("[1,2,3]", Endpoint::completions), 1U);
    EXPECT_EQ(prompts("[]", Endpoint::completions), 1U);
    EXPECT_EQ(prompts("null", Endpoint::completions), 1U);
    EXPECT_EQ(prompts(R"(["a","b"])", Endpoint::embeddings), 1U);
}

TEST(ParseCall, PassesWhatItDoesNotKnow) {
    for (const char* value : {"1e999", "123456789012345678901234567890", "-0", "\"\\u0000\\ud83d\\ude00\"",
                              "[[],{}]", "1.7976931348623157e+308", "\"\xf0\x9f\x98\x80\""}) {
        EXPECT_TRUE(parse(chat(",\"x\":" + std::string(value))).has_value()) << value;
    }
}

TEST(ParseCall, BoundsDepthAndMembers) {
    const auto nested = [](int depth) { // the body's object is the first level
        return chat(",\"x\":" + std::string(static_cast<std::size_t>(depth) - 1, '[') +
                    std::string(static_cast<std::size_t>(depth) - 1, ']'));
    };
    EXPECT_TRUE(parse(nested(128)).has_value());
    expect_refused(nested(129), ErrorCode::malformed_json);
    expect_refused(nested(100'000), ErrorCode::malformed_json);
    expect_refused(chat(",\"x\":" + std::string(100'000, '[')), ErrorCode::malformed_json);
    std::string members;
    for (int i = 0; i < 8192; ++i) members += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    EXPECT_TRUE(parse(chat(",\"x\":{" + members + "}")).has_value());
    expect_refused(chat(",\"x\":{" + members + ",\"y\":0}"), ErrorCode::malformed_json);
}

TEST(ParseCall, ReadsLargeBodiesAndSmallOnesAfterThem) {
    const std::string large = chat(",\"x\":\"" + std::string(3 * 1024 * 1024, 'x') + "\",\"n\":2");
    const std::string middle = chat(",\"x\":\"" + std::string(700'000, '\xc3') + "\"");
    const std::string good = chat(",\"x\":\"" + std::string(700'000, 'x') + "\",\"n\":2");
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(parse(large).value().choices, 2u);
        expect_refused(middle, ErrorCode::malformed_json);
        EXPECT_EQ(parse(good).value().choices, 2u);
        EXPECT_TRUE(parse(chat("")).has_value());
    }
}

TEST(ParseCall, RefusesMalformedMessagesBetweenOthersThatBeginAlike) {
    const std::string message = R"({"role":"user","content":"a"})";
    const auto list = [&](std::string_view last) {
        return ",\"x\":[" + message + "," + message + std::string(last);
    };
    EXPECT_TRUE(parse(chat(list("," + message + "]"))));
    EXPECT_TRUE(parse(chat(list(R"(,{"role":"user","content":"a","name":"b"}])"))));
    EXPECT_TRUE(parse(chat(list(R"(,{"role":"user","content":[]}])"))));
    const std::string malformed[] = {",]",
                                     "," + message,
                                     message + "]",
                                     ",," + message + "]",
                                     "}",
                                     "," + message + "}",
                                     R"(,{"role":"user","content":"a]})",
                                     R"(,{"role":"user","content":"a"]})",
                                     R"(,{"role":"user","content":"a",}])",
                                     R"(,{"role":"user","content":"\x"}])",
                                     R"(,{"role":"user","content":"a)"};
    for (const std::string& last : malformed) expect_refused(chat(list(last)), ErrorCode::malformed_json);
    expect_refused(chat(list(R"(,{"role":"user","content":"a","role":"b"}])")), ErrorCode::malformed_json);
    // Behind a member's value there is a name, not the next element.
    expect_refused(chat(",\"x\":{\"y\":" + message + "," + message + "}"), ErrorCode::malformed_json);
}

TEST(ParseCall, AgreesWithAnotherReaderWhateverIsChanged) {
    const std::string sample =
        R"({"model":"gpt-4o","messages":[{"role":"user","content":"a\n\u00e9 \ud83d\ude00"},)"
        R"({"role": "user", "content": [{"type":"text","text":"b"},{"type":"text","text":"c"}]},)"
        R"({"role":"user","content":"d"}, {"role":"user","content":"e"},{"r":[1,-2.5e3,true,null]}], "stream" : true,)"
        R"("stream_options":{"include_usage":false},"max_tokens":12})";
    const std::string alphabet = "{}[]\":,\\ 0123456789.eE+-truefalsn\n\t\x01\xff\xc3\xa9u";
    std::mt19937 random(13);
    for (int round = 0; round < 100'000; ++round) {
        std::string body = sample;
        for (unsigned change = 1 + random() % 3; change > 0; --change) {
            const std::size_t place = random() % body.size();
            switch (random() % 3) {
            case 0: body[place] = alphabet[random() % alphabet.size()]; break;
            case 1: body.insert(place, 1, alphabet[random() % alphabet.size()]); break;
            default: body.erase(place, 1 + random() % 3);
            }
        }
        const auto call = parse(body);
        const bool is_json = nlohmann::json::accept(body);
        if (call) {
            ASSERT_TRUE(is_json) << body;
            ASSERT_EQ(nlohmann::json::parse(at(body, call->model_value)), call->model) << body;
        } else if (is_json && nlohmann::json::parse(body).is_object()) {
            // Strict beyond the grammar: only duplicate names are refused as malformed.
            ASSERT_TRUE(call.error().code != ErrorCode::malformed_json ||
                        call.error().message.find("two members") != std::string::npos)
                << body;
        }
    }
}

} // namespace tollgate::http
