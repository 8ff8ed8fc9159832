#include "fault.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace framewire {
namespace {

struct named_fault {
    std::string_view name;
    fault::kind what;
};

constexpr std::array<named_fault, 15> names{{{"drop", fault::kind::drop},
                                             {"delay", fault::kind::delay},
                                             {"duplicate", fault::kind::duplicate},
                                             {"reorder", fault::kind::reorder},
                                             {"swap", fault::kind::reorder},
                                             {"corrupt", fault::kind::corrupt_payload},
                                             {"truncate", fault::kind::truncate},
                                             {"split", fault::kind::split},
                                             {"coalesce", fault::kind::coalesce},
                                             {"throttle", fault::kind::throttle},
                                             {"limit", fault::kind::limit},
                                             {"linger", fault::kind::linger},
                                             {"stall", fault::kind::stall},
                                             {"close", fault::kind::close},
                                             {"reset", fault::kind::reset}}};

tl::unexpected<failure> not_understood(std::string_view word, std::string hint = {}) {
    return tl::unexpected(failure{fmt::format("'{}' is not understood", word), std::move(hint)});
}

/// Reads words that spaces separate; a pattern may contain some between its slashes or quotes.
class fault_reader {
public:
    explicit fault_reader(std::string_view text) : rest_(text) { read_.spec = text; }

    result<fault> run() {
        const auto name = take_word();
        const auto* const found = std::ranges::find(names, name, &named_fault::name);
        if (found == names.end()) {
            return not_understood(name,
                                  "drop, delay, duplicate, reorder, swap, corrupt, truncate, "
                                  "split, coalesce, throttle, limit, linger, stall, "
                                  "close or reset");
        }
        read_.what = found->what;
        if (name == "swap" || name == "reorder") read_.count = 1;
        if (name == "coalesce") read_.count = 2;
        while (!rest_.empty()) {
            const auto word = take_word();
            if (!word.empty() && !take_condition(word) && !take_detail(word)) {
                return failure_ ? tl::unexpected(*failure_) : not_understood(word);
            }
        }
        return check();
    }

private:
    std::string_view take_word() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
        auto size = std::min(rest_.find(' '), rest_.size());
        if (rest_.starts_with("when=") && rest_.size() > 5 &&
            (rest_[5] == '/' || rest_[5] == '"')) {
            size = std::min(rest_.find(rest_[5], 6), rest_.size() - 1) + 1;
        }
        const auto word = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return word;
    }

    bool take_condition(std::string_view word) {
        if (word.ends_with('%')) return take_share(word.substr(0, word.size() - 1));
        const auto border = word.find('=');
        if (border == std::string_view::npos) return false;
        const auto name = word.substr(0, border);
        const auto value = word.substr(border + 1);
        if (name == "to") return take_end(value);
        if (name == "nth") return take_count(value, read_.nth);
        if (name == "every") return take_count(value, read_.every);
        if (name != "when") return false;
        const bool is_quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
        auto found = pattern::parse(is_quoted ? value.substr(1, value.size() - 2) : value);
        if (!found) {
            failure_ = found.error();
            return false;
        }
        read_.when = *std::move(found);
        return true;
    }

    bool take_share(std::string_view number) {
        double percent = 0;
        const auto* const end = number.data() + number.size();
        const auto [at, error] = std::from_chars(number.data(), end, percent);
        if (error != std::errc() || at != end || percent < 0 || percent > 100) return false;
        read_.share = percent / 100;
        return true;
    }

    bool take_end(std::string_view name) {
        if (name != "client" && name != "server") return false;
        read_.to = name == "client" ? end_of::client : end_of::server;
        return true;
    }

    static bool take_count(std::string_view word, std::uint64_t& into) {
        const auto number = parse_number(word);
        if (!number || *number == 0) return false;
        into = *number;
        return true;
    }

    bool take_detail(std::string_view word) {
        using kind = fault::kind;
        switch (read_.what) {
            case kind::delay: return take_pause(word);
            case kind::reorder:
                if (word == "replies") return take_end("client");
                if (word == "requests") return take_end("server");
                return take_count(word, read_.count);
            case kind::coalesce:
            case kind::truncate: return take_count(word, read_.count);
            case kind::corrupt_payload:
                if (word == "length") read_.what = kind::corrupt_length;
                return word == "length" || word == "payload";
            case kind::split: return take_cut(word);
            case kind::throttle: return take_rate(word);
            case kind::limit: return word == "after" || take_size(word);
            case kind::linger: return take_pause(word);
            case kind::stall: return word == "after" || take_count(word, read_.nth);
            case kind::close:
            case kind::reset:
                return word == "after" || take_count(word, read_.nth) || take_pause(word);
            default: return false;
        }
    }

    bool take_pause(std::string_view word) {
        constexpr std::string_view mark = "\xC2\xB1";  // ±
        const bool is_jitter = word.starts_with(mark) || word.starts_with("+-");
        const auto time = parse_duration(is_jitter ? word.substr(2) : word);
        if (!time) return false;
        (is_jitter ? read_.jitter : read_.pause) = *time;
        return true;
    }

    bool take_cut(std::string_view word) {
        if (word == "each" || word == "at") return true;
        if (word == "byte" || word == "header") {
            read_.where = word == "byte" ? fault::cut::each_byte : fault::cut::after_header;
            return true;
        }
        if (word.ends_with('s')) return take_pause(word);
        read_.where = fault::cut::sizes;
        while (!word.empty()) {
            const auto border = std::min(word.find(','), word.size());
            std::uint64_t size = 0;
            if (!take_count(word.substr(0, border), size)) return false;
            read_.sizes.push_back(size);
            word.remove_prefix(std::min(border + 1, word.size()));
        }
        return true;
    }

    bool take_rate(std::string_view word) {
        if (word.ends_with("/s")) word.remove_suffix(2);
        return take_size(word);
    }

    bool take_size(std::string_view word) {
        const auto size = parse_size(word);
        read_.count = size.value_or(0);
        return read_.count > 0;
    }

    result<fault> check() {
        using kind = fault::kind;
        if (read_.what == kind::delay && read_.pause.count() == 0) {
            return tl::unexpected(failure{"how long is the delay?", "such as 'delay 200ms'"});
        }
        if (read_.what == kind::throttle && read_.count == 0) {
            return tl::unexpected(failure{"throttle to how much?", "such as 'throttle 10KiB/s'"});
        }
        if (read_.what == kind::limit && read_.count == 0) {
            return tl::unexpected(failure{"limit to how much?", "such as 'limit 10KiB'"});
        }
        if (read_.what == kind::linger && read_.pause.count() == 0) {
            return tl::unexpected(failure{"linger how long?", "such as 'linger 2s'"});
        }
        return read_;
    }

    std::string_view rest_;
    fault read_;
    std::optional<failure> failure_;
};

}  // namespace

result<fault> fault::parse(std::string_view text) {
    return fault_reader(text).run().map_error([&](const failure& why) {
        return failure{fmt::format("'{}': {}", text, why.words), why.hint};
    });
}

}  // namespace framewire
