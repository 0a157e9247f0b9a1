#include "config/read_settings.hpp"

#include "tollgate/base/check.hpp"

#include <algorithm>
#include <array>

namespace tollgate::config {

namespace {

struct WellKnown {
    std::string_view name;
    Protocol protocol;
    std::string_view base_url;
    std::array<std::string_view, 2> variables; // the first that is set holds the key
};

// Google is asked in the OpenAI format that it offers beside its own.
constexpr std::array well_known_providers{
    WellKnown{"openai", Protocol::openai, "https://api.openai.com/v1", {"OPENAI_API_KEY", ""}},
    WellKnown{"anthropic", Protocol::anthropic, "https://api.anthropic.com/v1", {"ANTHROPIC_API_KEY", ""}},
    WellKnown{"google",
              Protocol::openai,
              "https://generativelanguage.googleapis.com/v1beta/openai",
              {"GEMINI_API_KEY", "GOOGLE_API_KEY"}},
    WellKnown{"deepseek", Protocol::openai, "https://api.deepseek.com/v1", {"DEEPSEEK_API_KEY", ""}},
    WellKnown{"mistral", Protocol::openai, "https://api.mistral.ai/v1", {"MISTRAL_API_KEY", ""}},
    WellKnown{"xai", Protocol::openai, "https://api.x.ai/v1", {"XAI_API_KEY", ""}},
};

const WellKnown* find_well_known(std::string_view name) {
    const auto found = std::ranges::find(well_known_providers, name, &WellKnown::name);
    return found == well_known_providers.end() ? nullptr : &*found;
}

std::optional<std::string> key_of_environment(const WellKnown& known, const Environment& environment) {
    for (const std::string_view variable : known.variables) {
        auto value = variable.empty() ? std::nullopt : environment.variable(variable);
        if (value && !value->empty()) return value;
    }
    return std::nullopt;
}

bool is_provider_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= longest && std::ranges::all_of(name, is_allowed);
}

void read_timeouts(Section section, Provider::Timeouts& timeouts) {
    constexpr Range<Duration> range{Duration(1), std::chrono::hours(24)};
    section.read("connect", timeouts.connect, range);
    section.read("first_byte", timeouts.first_byte, range);
    section.read("idle", timeouts.idle, range);
    section.read("total", timeouts.total, range);
    section.refuse_others();
}

void read_breaker(Section section, Provider::Breaker& breaker) {
    section.read("failures", breaker.failures, Range<std::uint32_t>{0, 1'000'000});
    section.read("open_time", breaker.open_time, Range<Duration>{Duration(1), std::chrono::hours(24)});
    section.refuse_others();
}

enum class KeyList { usable, left_out };

/// An empty key is a fault unless it was written ${NAME:-}, which says that the provider may be absent.
KeyList read_provider_keys(Section& section, std::vector<base::Secret>& keys) {
    const Node* node = section.take("keys");
    std::vector<base::Secret> all;
    if (!node || !section.read_list_node(*node, section.path_of("keys"), all)) return KeyList::usable;
    bool left_out = false;
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const std::string path = section.path_of("keys") + "[" + std::to_string(i) + "]";
        const Node& item = node->items[i];
        if (item.kind != Node::Kind::scalar || expand(item.text, section.reading().environment) != "")
            continue;
        if (item.text.contains(":-")) {
            left_out = true;
        } else {
            section.reading().complain(path, "is empty; ${NAME:-} would leave an absent key out");
        }
    }
    std::erase_if(all, [](const base::Secret& key) { return key.empty(); });
    keys = std::move(all);
    return keys.empty() && left_out ? KeyList::left_out : KeyList::usable;
}

/// A well-known provider has its address and, as long as that is not changed, its key from the environment.
void apply_well_known(const WellKnown& known, Section& section, Provider& provider) {
    provider.protocol = known.protocol;
    const auto url = base::Url::parse(known.base_url);
    TG_CHECK(url.has_value());
    provider.base_url = *url;
    const Node* keys = section.find("keys");
    if (keys || section.find("base_url")) return;
    auto key = key_of_environment(known, section.reading().environment);
    if (key) {
        provider.keys.emplace_back(std::move(*key));
    } else {
        section.reading().complain(section.path_of("keys"),
                                   "is not set, and neither is " + std::string(known.variables.front()));
    }
}

KeyList read_provider(Section& section, const WellKnown* known, Provider& provider) {
    if (known) {
        apply_well_known(*known, section, provider);
    } else if (!section.find("base_url")) {
        section.reading().complain(section.path_of("base_url"),
                                   "is needed: no provider of this name is built in");
    }
    section.read("protocol", provider.protocol);
    section.read("base_url", provider.base_url);
    const KeyList keys = read_provider_keys(section, provider.keys);
    section.read_optional_text("certificate_authority", provider.certificate_authority);
    read_timeouts(section.section("timeouts"), provider.timeouts);
    section.read("attempts", provider.attempts, Range<std::uint32_t>{1, 100});
    section.read("connections", provider.connections, Range<std::uint32_t>{1, 1'000'000});
    section.read("keep_alive", provider.keep_alive);
    read_breaker(section.section("breaker"), provider.breaker);
    section.refuse_others();
    return keys;
}

} // namespace

std::set<std::string> read_providers(Section section, std::map<std::string, Provider>& providers) {
    std::set<std::string> declared;
    providers.clear();
    for (const Node& item : section.items()) {
        Section provider_section(&item, section.path_of(item.name), section.reading());
        section.reading().lines[section.path_of(item.name)] = item.line;
        if (!is_provider_name(item.name)) {
            section.reading().complain(section.path_of(item.name),
                                       "a provider's name is made of a-z, 0-9, - and _, at most 64");
        }
        declared.insert(item.name);
        Provider provider;
        const KeyList keys = read_provider(provider_section, find_well_known(item.name), provider);
        if (keys == KeyList::usable) providers.insert_or_assign(item.name, std::move(provider));
    }
    return declared;
}

std::map<std::string, Provider> providers_of_environment(const Environment& environment) {
    std::map<std::string, Provider> providers;
    for (const WellKnown& known : well_known_providers) {
        auto key = key_of_environment(known, environment);
        if (!key) continue;
        Provider provider{.protocol = known.protocol};
        const auto url = base::Url::parse(known.base_url);
        TG_CHECK(url.has_value());
        provider.base_url = *url;
        provider.keys.emplace_back(std::move(*key));
        providers.emplace(known.name, std::move(provider));
    }
    return providers;
}

std::set<std::string> well_known_provider_names() {
    std::set<std::string> names;
    for (const WellKnown& known : well_known_providers) names.emplace(known.name);
    return names;
}

} // namespace tollgate::config
