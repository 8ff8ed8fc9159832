#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace framewire {

/// How much space there is between the parts of JSON text.
enum class json_layout : std::uint8_t {
    compact,  ///< none
    spaced,   ///< after each comma and colon
};

/// A JSON value: null, boolean, number, text, list, or object whose keys keep their order.
class json_value {
public:
    struct member;

    /// null
    json_value() noexcept;
    json_value(bool truth) noexcept;
    json_value(std::int64_t number) noexcept;
    json_value(std::uint64_t number) noexcept;
    json_value(double number) noexcept;
    json_value(std::string text) noexcept;
    json_value(std::string_view text);
    json_value(const char* text);
    template <std::signed_integral T>
    json_value(T number) noexcept : json_value(std::int64_t{number}) {}
    template <std::unsigned_integral T>
    json_value(T number) noexcept : json_value(std::uint64_t{number}) {}

    json_value(const json_value& other);
    json_value(json_value&& other) noexcept;
    json_value& operator=(const json_value& other);
    json_value& operator=(json_value&& other) noexcept;
    ~json_value();

    static json_value list(std::initializer_list<json_value> items = {});
    static json_value object(std::initializer_list<member> members = {});

    /// Appends to a list, which null becomes; returns the new item, valid until the next is added.
    /// Requires: this is a list or null.
    json_value& push_back(json_value item);
    /// The value of a key, added as null if it is missing; valid until the next is added.
    /// Requires: this is an object, or null, which becomes one.
    json_value& operator[](std::string_view key);

    /// The value of a key; null if this is not an object, or has no such key.
    [[nodiscard]] const json_value* find(std::string_view key) const noexcept;
    [[nodiscard]] bool is_object() const noexcept;
    [[nodiscard]] bool is_true() const noexcept;
    /// Null if this is not text.
    [[nodiscard]] const std::string* text() const noexcept;
    /// Nothing if this is not a number.
    [[nodiscard]] std::optional<double> number() const noexcept;
    /// Of a list; empty if this is none.
    [[nodiscard]] std::span<const json_value> items() const noexcept;

    /// As JSON text. Bytes that are not UTF-8 become U+FFFD; numbers that JSON cannot express
    /// become null.
    [[nodiscard]] std::string dump(json_layout layout = json_layout::compact) const;
    /// The same with a line for each item of a list, or each member of an object.
    [[nodiscard]] std::string dump_rows(json_layout layout = json_layout::compact) const;

    /// Nothing if the text is not JSON, or is nested deeper than `depth_max`.
    [[nodiscard]] static std::optional<json_value> parse(std::string_view text);
    /// Far above hand-written JSON, and small enough for the stack.
    static constexpr std::size_t depth_max = 64;

private:
    using list_items = std::vector<json_value>;
    using members = std::vector<member>;

    void dump_to(std::string& out, json_layout layout) const;

    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string,
                 list_items, members>
        value_;
};

struct json_value::member {
    std::string key;
    json_value value;
};

}  // namespace framewire
