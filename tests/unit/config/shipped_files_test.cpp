// The files under config/ and docs/configuration.md against the code. Runs in the root of the sources.
#include "config/document.hpp"
#include "unit/config/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace tollgate::config {

using testing::environment_of;
using testing::Texts;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream stream(path);
    EXPECT_TRUE(stream.is_open()) << path << ": run this in the root of the sources";
    return {std::istreambuf_iterator<char>(stream), {}};
}

const Texts& all_variables() {
    static const Texts variables{{"TOLLGATE_SESSION_SECRET", "0123456789abcdef"},
                                 {"OPENAI_API_KEY", "o"},
                                 {"ANTHROPIC_API_KEY", "a"},
                                 {"GEMINI_API_KEY", "g"},
                                 {"DEEPSEEK_API_KEY", "d"},
                                 {"MISTRAL_API_KEY", "m"},
                                 {"XAI_API_KEY", "x"}};
    return variables;
}

/// A setting of the example that holds a value, with the name of a provider made general.
struct Setting {
    std::string path;
    const Node* node;
};

void collect(const Node& node, const std::string& path, std::vector<Setting>& settings) {
    for (const Node& item : node.items) {
        const bool is_provider = path == "providers";
        std::string item_path = path.empty() ? item.name : path + "." + (is_provider ? "NAME" : item.name);
        if (item.kind == Node::Kind::map && !item.items.empty()) {
            collect(item, item_path, settings);
        } else {
            settings.push_back({std::move(item_path), &item});
        }
    }
}

/// The line of the table whose first column is the setting; empty: none.
std::string row_of(const std::string& reference, const std::string& path) {
    const auto start = reference.find("\n| `" + path + "` |");
    if (start == std::string::npos) return "";
    return reference.substr(start + 1, reference.find('\n', start + 1) - start - 1);
}

} // namespace

TEST(ShippedFiles, TheExampleHoldsTheDefaults) {
    for (const Texts& variables : {Texts{}, Texts{{"OPENAI_API_KEY", "o"}}, all_variables()}) {
        const auto environment = environment_of(variables);
        const auto loaded = load_config_text(content_of("config/tollgate.yaml"), environment);
        EXPECT_EQ(format_faults(loaded.faults, "config/tollgate.yaml"), "");
        EXPECT_EQ(loaded.config, default_config(environment));
    }
}

TEST(ShippedFiles, TheDevelopmentFileHasNoFaultsAndNeedsNoEnvironment) {
    const auto loaded = load_config_text(content_of("config/development.yaml"), environment_of({}));
    EXPECT_EQ(format_faults(loaded.faults, "config/development.yaml"), "");
    EXPECT_TRUE(loaded.config.storage.is_embedded());
    for (const auto& [name, provider] : loaded.config.providers) {
        EXPECT_EQ(provider.base_url.host, "127.0.0.1") << name;
    }
}

TEST(ShippedFiles, TheReferenceHasARowWithTheDefaultForEverySetting) {
    const auto root = parse_document(content_of("config/tollgate.yaml"));
    ASSERT_TRUE(root.has_value());
    const auto reference = content_of("docs/configuration.md");
    std::vector<Setting> settings;
    collect(*root, "", settings);
    EXPECT_GT(settings.size(), 50U);
    for (const Setting& setting : settings) {
        const auto row = row_of(reference, setting.path);
        EXPECT_NE(row, "") << setting.path;
        // The providers of the example differ in what their name decides.
        const bool is_general = !setting.path.starts_with("providers.");
        if (setting.node->kind == Node::Kind::scalar && is_general) {
            EXPECT_NE(row.find("| `" + setting.node->text + "` |"), std::string::npos) << row;
        }
        if (setting.node->kind == Node::Kind::null) EXPECT_NE(row.find("| none |"), std::string::npos) << row;
    }
}

TEST(ShippedFiles, TheExampleHoldsEverySettingOfTheReference) {
    const auto root = parse_document(content_of("config/tollgate.yaml"));
    ASSERT_TRUE(root.has_value());
    std::vector<Setting> settings;
    collect(*root, "", settings);
    std::set<std::string> paths;
    for (const Setting& setting : settings) paths.insert(setting.path);
    const auto reference = content_of("docs/configuration.md");
    for (auto at = reference.find("\n| `"); at != std::string::npos; at = reference.find("\n| `", at + 1)) {
        const auto end = reference.find('`', at + 4);
        const auto name = reference.substr(at + 4, end - at - 4);
        if (!name.contains('.')) continue; // a row of another table
        EXPECT_TRUE(paths.contains(name)) << name;
    }
}

} // namespace tollgate::config
