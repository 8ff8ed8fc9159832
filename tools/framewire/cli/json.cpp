#include "json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace framewire {
namespace {

std::string dump_scalar(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Writes the commas of a list or an object.
class separated {
public:
    separated(std::string& out, std::string_view comma) : out_(out), comma_(comma) {}
    std::string& next() {
        if (std::exchange(is_first_, false)) return out_;
        return out_ += comma_;
    }

private:
    std::string& out_;
    std::string_view comma_;
    bool is_first_ = true;
};

std::string_view comma(json_layout layout) { return layout == json_layout::spaced ? ", " : ","; }
std::string_view colon(json_layout layout) { return layout == json_layout::spaced ? ": " : ":"; }

// Builds a value from the events of nlohmann's parser. An open list or object is the last item of
// the one that contains it, so its address is stable.
class builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return add({}); }
    bool boolean(bool truth) override { return add(truth); }
    bool number_integer(number_integer_t number) override { return add(number); }
    bool number_unsigned(number_unsigned_t number) override { return add(number); }
    bool number_float(number_float_t number, const string_t& /*text*/) override {
        return add(number);
    }
    bool string(string_t& text) override { return add(std::move(text)); }
    bool binary(binary_t& /*bytes*/) override { return false; }
    bool start_object(std::size_t /*size*/) override { return open(json_value::object()); }
    bool key(string_t& name) override {
        key_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*size*/) override { return open(json_value::list()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t /*position*/, const std::string& /*last*/,
                     const nlohmann::json::exception& /*why*/) override {
        return false;
    }

    json_value take() { return std::move(root_); }

private:
    json_value& place(json_value value) {
        if (open_.empty()) return root_ = std::move(value);
        auto& parent = *open_.back();
        if (parent.is_object()) return parent[key_] = std::move(value);
        return parent.push_back(std::move(value));
    }
    bool add(json_value value) {
        place(std::move(value));
        return true;
    }
    bool open(json_value value) {
        if (open_.size() == json_value::depth_max) return false;
        open_.push_back(&place(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    json_value root_;
    std::vector<json_value*> open_;
    std::string key_;
};

}  // namespace

json_value::json_value() noexcept = default;
json_value::json_value(bool truth) noexcept : value_(truth) {}
json_value::json_value(std::int64_t number) noexcept : value_(number) {}
json_value::json_value(std::uint64_t number) noexcept : value_(number) {}
json_value::json_value(double number) noexcept : value_(number) {}
json_value::json_value(std::string text) noexcept : value_(std::move(text)) {}
json_value::json_value(std::string_view text) : value_(std::string(text)) {}
json_value::json_value(const char* text) : value_(std::string(text)) {}
// The variant of libstdc++ 12 destroys what it has not made if its own copy runs out of memory.
json_value::json_value(const json_value& other) {
    std::visit(
        [this](const auto& one) {
            auto copy = one;
            value_ = std::move(copy);
        },
        other.value_);
}
json_value::json_value(json_value&& other) noexcept = default;
json_value& json_value::operator=(const json_value& other) { return *this = json_value(other); }
json_value& json_value::operator=(json_value&& other) noexcept = default;
json_value::~json_value() = default;

json_value json_value::list(std::initializer_list<json_value> items) {
    json_value made;
    made.value_ = json_value::list_items(items);
    return made;
}

json_value json_value::object(std::initializer_list<member> members) {
    json_value made;
    made.value_ = json_value::members(members);
    return made;
}

json_value& json_value::push_back(json_value item) {
    if (std::holds_alternative<std::nullptr_t>(value_)) value_ = list_items();
    return std::get<list_items>(value_).emplace_back(std::move(item));
}

json_value& json_value::operator[](std::string_view key) {
    if (std::holds_alternative<std::nullptr_t>(value_)) value_ = members();
    auto& all = std::get<members>(value_);
    const auto found = std::ranges::find(all, key, &member::key);
    if (found != all.end()) return found->value;
    return all.emplace_back(member{std::string(key), {}}).value;
}

const json_value* json_value::find(std::string_view key) const noexcept {
    const auto* const all = std::get_if<members>(&value_);
    if (all == nullptr) return nullptr;
    const auto found = std::ranges::find(*all, key, &member::key);
    return found != all->end() ? &found->value : nullptr;
}

bool json_value::is_object() const noexcept { return std::holds_alternative<members>(value_); }

bool json_value::is_true() const noexcept {
    const auto* const truth = std::get_if<bool>(&value_);
    return truth != nullptr && *truth;
}

const std::string* json_value::text() const noexcept { return std::get_if<std::string>(&value_); }

std::optional<double> json_value::number() const noexcept {
    if (const auto* const number = std::get_if<double>(&value_)) return *number;
    if (const auto* const whole = std::get_if<std::int64_t>(&value_)) {
        return static_cast<double>(*whole);
    }
    if (const auto* const count = std::get_if<std::uint64_t>(&value_)) {
        return static_cast<double>(*count);
    }
    return std::nullopt;
}

std::span<const json_value> json_value::items() const noexcept {
    const auto* const list = std::get_if<list_items>(&value_);
    return list != nullptr ? std::span<const json_value>(*list) : std::span<const json_value>();
}

std::string json_value::dump(json_layout layout) const {
    std::string out;
    dump_to(out, layout);
    return out;
}

std::string json_value::dump_rows(json_layout layout) const {
    std::string rows;
    separated each(rows, ",\n ");
    if (const auto* const list = std::get_if<list_items>(&value_)) {
        for (const auto& one : *list) one.dump_to(each.next(), layout);
        return "[\n " + rows + "\n]";
    }
    if (const auto* const all = std::get_if<members>(&value_)) {
        for (const auto& [key, value] : *all) {
            each.next() += dump_scalar(key) + ": ";
            value.dump_to(rows, layout);
        }
        return "{\n " + rows + "\n}";
    }
    return dump(layout);
}

void json_value::dump_to(std::string& out, json_layout layout) const {
    if (const auto* const list = std::get_if<list_items>(&value_)) {
        separated each(out += '[', comma(layout));
        for (const auto& one : *list) one.dump_to(each.next(), layout);
        out += ']';
    } else if (const auto* const all = std::get_if<members>(&value_)) {
        separated each(out += '{', comma(layout));
        for (const auto& [key, value] : *all) {
            each.next() += dump_scalar(key);
            out += colon(layout);
            value.dump_to(out, layout);
        }
        out += '}';
    } else if (const auto* const words = text()) {
        out += dump_scalar(*words);
    } else if (const auto* const truth = std::get_if<bool>(&value_)) {
        out += *truth ? "true" : "false";
    } else if (const auto* const number = std::get_if<double>(&value_)) {
        out += dump_scalar(*number);
    } else if (const auto* const whole = std::get_if<std::int64_t>(&value_)) {
        out += std::to_string(*whole);
    } else if (const auto* const count = std::get_if<std::uint64_t>(&value_)) {
        out += std::to_string(*count);
    } else {
        out += "null";
    }
}

std::optional<json_value> json_value::parse(std::string_view text) {
    builder found;
    if (!nlohmann::json::sax_parse(text, &found)) return {};
    return found.take();
}

}  // namespace framewire
