#include "target.hpp"

#include "core/near_word.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view address_forms =
    "an address is HOST:PORT, [::1]:PORT, :PORT, *:PORT or unix:/path";
constexpr std::uint64_t port_max = 65'535;

bool is_port(std::string_view word) {
    const auto number = parse_number(word);
    return number && *number <= port_max;
}

// The name that a spec begins with.
std::string_view name_of(std::string_view spec) {
    return spec.substr(0, spec.find_first_of(":,"));
}

bool is_framing(std::string_view word) {
    const auto known = framing_names();
    return std::ranges::find(known, name_of(word)) != known.end();
}

bool is_named(std::string_view word) { return find_protocol(word) != nullptr || is_framing(word); }

// `digit:10` is rather a framing than an address.
bool is_near_framing(std::string_view word) {
    constexpr std::array<std::string_view, 3> with_argument{"digits", "fixed", "delimiter"};
    return !near_word(name_of(word), with_argument).empty();
}

// As far as it can be told without asking for the name.
bool is_host(std::string_view word) {
    if (word == "localhost" || word == "*") return true;
    return std::ranges::count(word, '.') == 3 &&
           word.find_first_not_of("0123456789.") == std::string_view::npos;
}

tl::unexpected<failure> refuse(std::string words, std::string hint) {
    return tl::unexpected(failure{std::move(words), std::move(hint)});
}

/// Reads the words in their order.
class target_reader {
public:
    target_reader(const target_options& given, bool takes_messages)
        : given_(given), rest_(given.words), takes_messages_(takes_messages) {}

    result<target> run() {
        auto frames = read_framing();
        if (!frames) return tl::unexpected(frames.error());
        auto where = read_address();
        if (!where) return tl::unexpected(where.error());
        auto more = read_more_addresses();
        if (!more) return tl::unexpected(more.error());
        if (auto messages = check_messages(); !messages) return tl::unexpected(messages.error());
        target found{wording_,         *std::move(frames), *std::move(where),
                     std::move(rest_), *std::move(more),   is_default_address_};
        found.messages.insert(found.messages.end(), given_.messages.begin(),
                              given_.messages.end());
        return found;
    }

private:
    [[nodiscard]] bool has(std::size_t count) const { return rest_.size() >= count; }

    std::string take() {
        auto word = std::move(rest_.front());
        rest_.erase(rest_.begin());
        return word;
    }

    [[nodiscard]] std::string command_line(std::string_view words) const {
        return fmt::format("framewire {} {}", given_.command, words);
    }

    result<framing> read_framing() {
        if (auto ordered = put_name_first(); !ordered) return tl::unexpected(ordered.error());
        if (has(1)) {
            if (const auto* named = find_protocol(rest_.front()); named != nullptr) {
                wording_ = named;
                take();
            }
        }
        const bool is_unnamed = wording_ == &unnamed_protocol();
        if (given_.framing) return read_spec(*given_.framing);
        if (!is_unnamed) return read_spec(std::string(wording_->framing));
        if (has(1) && is_framing(rest_.front())) return read_spec(take());
        return ask_for_framing();
    }

    // `serve :2575 mllp` can only mean one thing, where there are no messages.
    result<void> put_name_first() {
        const bool swapped = !given_.framing && has(2) && !is_named(rest_[0]) &&
                             address::has_form(rest_[0]) && is_named(rest_[1]);
        if (!swapped) return {};
        if (takes_messages_) {
            return refuse(fmt::format("'{}' comes after the address", rest_[1]),
                          command_line(rest_[1] + " " + rest_[0]));
        }
        std::swap(rest_[0], rest_[1]);
        return {};
    }

    result<framing> read_spec(const std::string& spec) const {
        if (const auto* named = find_protocol(spec); named != nullptr) {
            return refuse(fmt::format("'{}' is a protocol, not a framing", spec),
                          command_line(spec) + fmt::format(", or --framing {}", named->framing));
        }
        return framing::parse(spec).map_error([&](const failure& why) {
            return failure{why.words, why.hint.empty() ? where_to_look(spec) : why.hint,
                           why.place};
        });
    }

    static std::string where_to_look(std::string_view spec) {
        const auto name = spec.substr(0, spec.find_first_of(":,"));
        const auto known = framing_names();
        const bool is_known = std::ranges::find(known, name) != known.end();
        return is_known ? fmt::format("'framewire framings {}' shows how it is written", name)
                        : "framewire framings lists them";
    }

    [[nodiscard]] tl::unexpected<failure> ask_for_framing() const {
        if (!has(1)) {
            return refuse("which protocol or framing?",
                          "such as walkthrough or digits:10; 'framewire protocols' and 'framewire "
                          "framings' list them");
        }
        const auto& word = rest_.front();
        const bool is_pair = has(2) && is_host(word) && is_port(rest_[1]);
        if (is_pair || (address::has_form(word) && !is_near_framing(word))) {
            const auto where = is_pair ? word + ":" + rest_[1] : word;
            return refuse("which framing?", command_line(where) +
                                                " --framing digits:10; "
                                                "'framewire framings' lists them");
        }
        auto known = framing_names();
        for (const auto& one : protocol_table()) known.push_back(one.name);
        const auto near = near_word(name_of(word), known);
        return refuse(fmt::format("unknown protocol or framing '{}'", word),
                      near.empty() ? "'framewire protocols' and 'framewire framings' list them"
                                   : fmt::format("did you mean '{}'?", near));
    }

    result<address> read_address() {
        if (auto joined = join_pair(); !joined) return tl::unexpected(joined.error());
        const bool is_given = given_.has_address && has(1) && address::has_form(rest_.front());
        is_default_address_ = !is_given;
        auto text = is_default_address_ ? std::string(wording_->address) : take();
        constexpr std::string_view scheme = "tcp://";
        if (text.starts_with(scheme)) {
            text.erase(0, scheme.size());
            if (text.ends_with('/')) text.pop_back();
        }
        if (text.find("://") != std::string::npos) {
            return refuse(fmt::format("address '{}': only tcp:// is understood", text),
                          std::string(address_forms));
        }
        auto where = address::parse(text);
        if (!where && takes_messages_) {
            return refuse(where.error().words,
                          "a message that looks like an address goes after --");
        }
        return where;
    }

    result<std::vector<address>> read_more_addresses() {
        std::vector<address> all;
        while (given_.takes_addresses && has(1) && !is_named(rest_.front()) &&
               address::has_form(rest_.front())) {
            auto where = address::parse(take());
            if (!where) return tl::unexpected(where.error());
            all.push_back(*std::move(where));
        }
        return all;
    }

    // `127.0.0.1 7000`, as netcat takes it; `7000` alone.
    result<void> join_pair() {
        if (takes_messages_) {
            const bool is_pair = has(2) && is_host(rest_[0]) && is_port(rest_[1]);
            if (!is_pair || !given_.has_address) return {};
            return refuse(fmt::format("'{} {}' is not an address", rest_[0], rest_[1]),
                          fmt::format("write {}:{}; messages that look like one go after --",
                                      rest_[0], rest_[1]));
        }
        if (has(1) && is_port(rest_[0])) rest_[0] = ":" + rest_[0];
        if (has(2) && !address::has_form(rest_[0]) && is_port(rest_[1])) {
            const bool is_ipv6 = rest_[0].find(':') != std::string::npos;
            rest_[0] =
                fmt::format(fmt::runtime(is_ipv6 ? "[{}]:{}" : "{}:{}"), rest_[0], rest_[1]);
            rest_.erase(rest_.begin() + 1);
        }
        return {};
    }

    [[nodiscard]] result<void> check_messages() const {
        if (takes_messages_) return check_late_address();
        if (!has(1)) return {};
        const auto& word = rest_.front();
        if (is_named(word)) {
            return refuse(fmt::format("'{}' is one protocol or framing too many", word),
                          command_line("takes one"));
        }
        if (is_host(word)) {
            return refuse(fmt::format("'{}' has no port", word), word + ":PORT");
        }
        return refuse(fmt::format("'{}' is neither a protocol, a framing nor an address", word),
                      std::string(address_forms));
    }

    // Arguments in the wrong order would go to the default address, as messages.
    [[nodiscard]] result<void> check_late_address() const {
        if (!is_default_address_ || !given_.has_address) return {};
        for (const auto& word : rest_) {
            if (!address::has_form(word) || !address::parse(word)) continue;
            return refuse(
                fmt::format("'{}' comes after a message, but looks like an address", word),
                "the address comes first; messages that look like one go after --");
        }
        return {};
    }

    const target_options& given_;
    std::vector<std::string> rest_;
    bool takes_messages_;
    const protocol* wording_ = &unnamed_protocol();
    bool is_default_address_ = false;
};

}  // namespace

result<target> resolve(const target_options& given, bool takes_messages) {
    return target_reader(given, takes_messages).run();
}

}  // namespace framewire
