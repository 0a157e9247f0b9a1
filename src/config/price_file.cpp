#include "tollgate/config/price_file.hpp"

#include "config/price_entry.hpp"
#include "tollgate/base/digest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

namespace tollgate::config {

namespace {

// The entry that documents the schema; every reader of such lists skips it. Ours holds the date of the list.
constexpr std::string_view sample_key = "sample_spec";
constexpr std::string_view date_field = "effective_date";

constexpr std::size_t digest_characters = 12;

struct Candidate {
    std::string key{};
    Identity identity{};
    Fields fields{};
    bool is_free = false;
};

bool is_zero(const Fields& fields, std::string_view name) {
    const auto field = fields.find(name);
    if (field == fields.end() || field->second.kind > FieldKind::text) return false;
    const auto rate = domain::Rate::parse(field->second.text);
    return rate.has_value() && rate->is_zero();
}

class Reader {
public:
    base::Result<PriceList> read(std::string_view list, std::string_view overrides) {
        auto entries = parse_fields(list);
        if (!entries) return fail("the price list", entries.error());
        auto changes = parse_fields(overrides);
        if (!changes) return fail("price_overrides", changes.error());
        for (auto& entry : *entries) take(std::move(entry));
        for (const auto& change : *changes) apply(change);
        auto prices = price_all();
        result_.book =
            domain::PriceBook(std::move(prices), version_of(list, changes->empty() ? "" : overrides));
        return std::move(result_);
    }

private:
    static std::unexpected<base::Error> fail(const std::string& what, const base::Error& error) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          what + " " + error.message);
    }

    void take(NamedFields entry) {
        if (entry.key == sample_key) {
            const auto date = entry.fields.find(date_field);
            if (date != entry.fields.end()) date_ = date->second.text;
            return;
        }
        if (!entry.is_object) {
            result_.faults.push_back({entry.key, "it is not an object"});
            return;
        }
        const auto [place, is_new] = places_.try_emplace(entry.key, candidates_.size());
        Candidate candidate{.key = entry.key, .identity = identify(entry.key, entry.fields)};
        candidate.fields = std::move(entry.fields);
        if (is_new) {
            candidates_.push_back(std::move(candidate));
            return;
        }
        result_.faults.push_back({entry.key, "it stands twice; the last counts"});
        candidates_[place->second] = std::move(candidate);
    }

    void apply(const NamedFields& change) {
        for (const auto& [name, field] : change.fields) {
            if (!is_known_field(name)) {
                result_.faults.push_back({change.key, "price_overrides: unknown field " + name});
                return;
            }
        }
        const Identity named = identify(change.key, change.fields);
        bool is_merged = false;
        for (auto& candidate : candidates_) {
            const Identity& own = candidate.identity;
            if (own.model != named.model) continue;
            if (!named.provider.empty() && own.provider != named.provider) continue;
            merge(candidate, change.fields);
            is_merged = true;
        }
        if (!is_merged || holds_everywhere(change, named)) add(change, named);
    }

    /// A price for a bare name holds at every provider, known to the list or not.
    static bool holds_everywhere(const NamedFields& change, const Identity& named) {
        return named.provider.empty() && change.fields.contains("input_cost_per_token");
    }

    static void merge(Candidate& candidate, const Fields& changes) {
        for (const auto& [name, field] : changes) candidate.fields.insert_or_assign(name, field);
        candidate.is_free = is_zero(candidate.fields, "input_cost_per_token") &&
                            (candidate.is_free || changes.contains("input_cost_per_token"));
    }

    void add(const NamedFields& change, const Identity& named) {
        Candidate candidate{.key = change.key, .identity = named};
        merge(candidate, change.fields);
        additions_.push_back(candidate);
        if (named.provider.empty()) return;
        // The slash may be part of the model's name.
        candidate.identity = {.model = change.key};
        additions_.push_back(std::move(candidate));
    }

    std::vector<domain::PriceEntry> price_all() {
        result_.models = candidates_.size();
        std::vector<domain::PriceEntry> entries;
        for (int rank = 0; rank <= last_rank; ++rank) {
            for (const auto& candidate : candidates_) {
                if (candidate.identity.rank != rank) continue;
                entries.push_back(price(candidate));
                if (entries.back().price.is_priced()) ++result_.priced;
            }
        }
        for (const auto& candidate : additions_) entries.push_back(price(candidate));
        return entries;
    }

    domain::PriceEntry price(const Candidate& candidate) {
        auto read = read_price(candidate.fields);
        if (candidate.is_free && read.fault.empty() && !read.price.is_priced()) {
            read.price.is_free = true;
            read.reason.clear();
        }
        if (!read.fault.empty()) note(result_.faults, {candidate.key, read.fault});
        if (!read.reason.empty()) note(result_.unpriced, {candidate.key, read.reason});
        return {.provider = candidate.identity.provider,
                .model = candidate.identity.model,
                .price = std::move(read.price)};
    }

    /// An override may stand at two places of the book; its note once is enough.
    static void note(std::vector<PriceNote>& notes, PriceNote text) {
        if (notes.empty() || notes.back() != text) notes.push_back(std::move(text));
    }

    std::string version_of(std::string_view list, std::string_view overrides) const {
        const auto digest = base::sha256(std::string(list) + std::string(overrides));
        const std::string text = base::to_hex(digest.bytes).substr(0, digest_characters);
        return date_.empty() ? text : date_ + "+" + text;
    }

    PriceList result_{};
    std::vector<Candidate> candidates_{};
    std::vector<Candidate> additions_{};
    std::map<std::string, std::size_t> places_{};
    std::string date_{};
};

} // namespace

base::Result<PriceList> read_prices(std::string_view list, std::string_view overrides) {
    return Reader().read(list, overrides);
}

base::Result<PriceList> load_prices(const std::string& path, std::string_view overrides) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "the price list " + path + " cannot be read");
    }
    return read_prices(text, overrides);
}

} // namespace tollgate::config
