#include "framewire/codec/detail/line_scanner.hpp"

#include "decimal_digits.hpp"

#include <algorithm>

namespace framewire {
namespace {

char upper(char byte) noexcept {
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}

}  // namespace

scanned_part line_scanner::advance(bytes input, std::uint64_t payload_bytes_max) noexcept {
    for (std::size_t at = 0; at < input.size();) {
        if (place_ == place::data) {
            const auto size = std::min<std::uint64_t>(data_left_, input.size() - at);
            data_left_ -= size;
            at += static_cast<std::size_t>(size);
            if (data_left_ == 0) place_ = place::data_end;
            continue;
        }
        const auto room = payload_bytes_max - std::min<std::uint64_t>(payload_bytes_max, at + 1);
        if (const auto error = take(input[at], room)) return {.taken = at, .error = *error};
        ++at;
        if (complete_) return {.taken = at, .data = input.substr(0, at), .complete = true};
    }
    return {.taken = input.size(), .data = input};
}

optional_errc line_scanner::take(char byte, std::uint64_t room) noexcept {
    switch (place_) {
        case place::space:
        case place::word: return take_in_line(byte, room);
        case place::line_feed:
            complete_ = size_word_ == 0 && byte == '\n';
            data_left_ = size_.value();
            return expect(byte == '\n', data_left_ == 0 ? place::data_end : place::data);
        case place::data_end: return expect(byte == '\r', place::data_line_feed);
        default: break;
    }
    complete_ = byte == '\n';
    return expect(complete_, place::data_line_feed);
}

optional_errc line_scanner::take_in_line(char byte, std::uint64_t room) noexcept {
    if (byte == ' ' || byte == '\t' || byte == '\r') {
        const bool ends_verb = words_ == 1 && place_ == place::word;
        if (words_ == 0 || (ends_verb && !choose())) return errc::frame_syntax;
        return byte == '\r' ? end_words(room) : expect(true, place::space);
    }
    if (byte == '\n') return errc::frame_syntax;
    if (place_ == place::space || words_ == 0) begin_word();
    place_ = place::word;
    if (words_ == 1) return take_in_verb(byte);
    return is_size_word() ? take_in_size(byte, room) : std::nullopt;
}

void line_scanner::begin_word() noexcept {
    words_ = static_cast<std::uint8_t>(std::min(words_ + 1, words_max));
    if (!is_size_word()) return;
    size_ = {};
    no_size_ = false;
}

optional_errc line_scanner::take_in_verb(char byte) noexcept {
    if (byte < '!' || byte > '~') return errc::frame_syntax;
    if (verb_bytes_ < verb_.size()) {
        verb_[verb_bytes_++] = rules_->any_case ? upper(byte) : byte;
    }
    return expect(rules_->others || begins_a_verb(), place::word);
}

// Which word is the last is not known before its end.
optional_errc line_scanner::take_in_size(char byte, std::uint64_t room) noexcept {
    const bool last = size_word_ == line_rules::last_word;
    auto error = optional_errc(errc::frame_length_syntax);
    if (is_digit(byte)) error = size_.add(byte, last ? decimal_length::value_max : room);
    if (!last) return error;
    no_size_ = no_size_ || error;
    return std::nullopt;
}

optional_errc line_scanner::end_words(std::uint64_t room) noexcept {
    if (size_word_ != 0) {
        if (words_ < words_min_ || no_size_) return errc::frame_length_syntax;
        if (size_.value() > room) return errc::frame_too_large;
    }
    return expect(true, place::line_feed);
}

optional_errc line_scanner::expect(bool is_right, place next) noexcept {
    if (!is_right) return errc::frame_syntax;
    place_ = next;
    return std::nullopt;
}

// False if no line may begin with this word.
bool line_scanner::choose() noexcept {
    const bytes word(verb_.data(), verb_bytes_);
    const auto found = std::ranges::find(rules_->verbs, word, &line_rules::verb::name);
    if (found == rules_->verbs.end()) return rules_->others;
    size_word_ = found->size_word;
    words_min_ = found->words_min;
    return true;
}

bool line_scanner::begins_a_verb() const noexcept {
    const bytes word(verb_.data(), verb_bytes_);
    return std::ranges::any_of(rules_->verbs,
                               [&](const auto& verb) { return verb.name.starts_with(word); });
}

std::uint64_t line_scanner::wanted() const noexcept {
    switch (place_) {
        case place::line_feed: return size_word_ == 0 ? 1 : size_.value() + 3;
        case place::data: return data_left_ + 2;
        case place::data_line_feed: return 1;
        default: return 2;
    }
}

std::string line_scanner::expectation() const {
    switch (place_) {
        case place::line_feed:
        case place::data_line_feed: return "LF";
        case place::data: return "the rest of its data";
        case place::data_end: return "CR LF after its data";
        default: break;
    }
    if (verb_bytes_ < 2) return "a command";
    if (words_ == 1 && !rules_->others && size_word_ == 0) return "the rest of a command";
    return size_word_ == 0 ? "CR LF" : "a size and CR LF";
}

}  // namespace framewire
