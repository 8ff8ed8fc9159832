#include "message_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace framewire {
namespace {

constexpr std::string_view number_mark = "{n}";

struct decimal_digits {
    explicit decimal_digits(std::uint64_t number) noexcept {
        const auto done = std::to_chars(text.data(), text.data() + text.size(), number);
        size = static_cast<std::size_t>(done.ptr - text.data());
    }
    [[nodiscard]] bytes view() const noexcept { return {text.data(), size}; }

    std::array<char, 20> text{};
    std::size_t size = 0;
};

}  // namespace

message_text::message_text(std::string_view text) {
    auto mark = text.find(number_mark);
    for (; mark != std::string_view::npos; mark = text.find(number_mark)) {
        parts_.emplace_back(text.substr(0, mark));
        text.remove_prefix(mark + number_mark.size());
    }
    parts_.emplace_back(text);
}

std::string message_text::with(std::uint64_t number) const {
    const decimal_digits written(number);
    auto text = parts_.front();
    for (std::size_t i = 1; i < parts_.size(); ++i) {
        text += written.view();
        text += parts_[i];
    }
    return text;
}

bool message_text::is(bytes payload, std::uint64_t number) const noexcept {
    const decimal_digits written(number);
    const auto take = [&](bytes part) {
        if (!payload.starts_with(part)) return false;
        payload.remove_prefix(part.size());
        return true;
    };
    if (!take(parts_.front())) return false;
    for (std::size_t i = 1; i < parts_.size(); ++i) {
        if (!take(written.view()) || !take(parts_[i])) return false;
    }
    return payload.empty();
}

std::optional<std::uint64_t> message_text::number_in(bytes payload) const noexcept {
    if (!payload.starts_with(parts_.front())) return std::nullopt;
    const auto rest = payload.substr(parts_.front().size());
    // A digit of the text may follow the number: the longest that fits is taken.
    auto width = std::min(rest.find_first_not_of("0123456789"), rest.size());
    for (; width > 0; --width) {
        std::uint64_t number = 0;
        const auto done = std::from_chars(rest.data(), rest.data() + width, number);
        if (done.ec == std::errc{} && is(payload, number)) return number;
    }
    return std::nullopt;
}

}  // namespace framewire
