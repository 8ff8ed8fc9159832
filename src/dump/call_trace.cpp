#include "byte_text.hpp"
#include "dump_row.hpp"
#include "dump_time.hpp"
#include "forms.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace framewire {
namespace {

// The calls that move bytes, and whether they receive.
struct data_call {
    std::string_view name;
    bool receives;
};
constexpr std::array<data_call, 12> data_calls{{{"read", true},
                                                {"recv", true},
                                                {"recvfrom", true},
                                                {"recvmsg", true},
                                                {"readv", true},
                                                {"pread64", true},
                                                {"write", false},
                                                {"send", false},
                                                {"sendto", false},
                                                {"sendmsg", false},
                                                {"writev", false},
                                                {"pwrite64", false}}};

struct call_line {
    std::string_view name{};
    std::size_t arguments = 0;  // where they begin
    bool resumed = false;
    std::optional<dump_time> time{};
    std::string_view caller{};  // the process
};

std::size_t after_spaces(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(" \t", at), text.size());
}

// `30608 02:55:10.763922 recvfrom(4, ` or `[pid 30608] <... recvfrom resumed>`.
std::optional<call_line> find_call(std::string_view text) {
    call_line found;
    auto at = after_spaces(text, 0);
    for (int prefix = 0; prefix < 3 && at < text.size(); ++prefix) {
        const auto rest = text.substr(at);
        std::size_t size = 0;
        if (const auto time = read_time(rest)) {
            found.time = time;
            size = time->size;
        } else if (rest.starts_with("[pid ")) {
            const auto end = rest.find(']');
            if (end == std::string_view::npos) return std::nullopt;
            found.caller = trim(rest.substr(5, end - 5));
            size = end + 1;
        } else if (const auto end = rest.find_first_not_of("0123456789.");
                   end != 0 && end != std::string_view::npos && rest[end] == ' ') {
            if (found.caller.empty()) found.caller = rest.substr(0, end);
            size = end;
        } else {
            break;
        }
        at = after_spaces(text, at + size);
    }
    auto rest = text.substr(at);
    constexpr std::string_view resumed = "<... ";
    if (rest.starts_with(resumed)) {
        found.resumed = true;
        at += resumed.size();
        rest = text.substr(at);
    }
    const auto end = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
    if (end == 0 || end == std::string_view::npos) return std::nullopt;
    found.name = rest.substr(0, end);
    constexpr std::string_view resumed_end = " resumed>";
    if (found.resumed) {
        if (!rest.substr(end).starts_with(resumed_end)) return std::nullopt;
        found.arguments = at + end + resumed_end.size();
        return found;
    }
    if (rest[end] != '(') return std::nullopt;
    found.arguments = at + end + 1;
    return found;
}

const data_call* find_data_call(std::string_view name) {
    const auto* const found = std::ranges::find(data_calls, name, &data_call::name);
    return found == data_calls.end() ? nullptr : found;
}

std::string_view first_argument(std::string_view text) {
    return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

// The number after the last `=`: what the call returned. Negative or `?`: nothing.
std::optional<std::uint64_t> returned(std::string_view text) {
    const auto at = text.rfind(") = ");
    if (at == std::string_view::npos) return std::nullopt;
    return parse_digits(first_argument(text.substr(at + 4)), 10);
}

// A number is used again after `close`: which descriptor of that number it is.
struct descriptor {
    std::string_view number{};
    std::size_t use = 0;
    auto operator<=>(const descriptor&) const = default;
};

bool opens(std::string_view call) {
    return call.starts_with("open") || call.starts_with("accept") || call == "socket" ||
           call == "creat" || call.starts_with("dup") || call.starts_with("epoll_create") ||
           call.starts_with("eventfd") || call.starts_with("timerfd_create");
}

struct traced_piece {
    descriptor of{};
    dump_piece piece{};
    bool sends = false;
    bool cut = false;
    text_line line{};
    std::size_t position = 0;
};

class call_trace_reader {
public:
    result<dump> read(const std::vector<text_line>& lines) {
        for (const auto& line : lines) {
            if (const auto done = take(line); !done) return tl::unexpected(done.error());
        }
        return choose(lines);
    }

private:
    result<void> take(const text_line& line) {
        const auto call = find_call(line.text);
        if (!call) return {};
        const auto arguments = line.text.substr(call->arguments);
        auto number = first_argument(arguments);
        const auto key = std::pair(std::string(call->caller), std::string(call->name));
        if (call->resumed) {
            const auto begun = unfinished_.find(key);
            if (begun == unfinished_.end()) return {};
            number = begun->second;
            unfinished_.erase(begun);
        } else if (arguments.ends_with("<unfinished ...>")) {
            unfinished_[key] = number;
            // What is sent is shown before the call returns.
            if (const auto* const data = find_data_call(call->name); !data || data->receives) {
                return {};
            }
        }
        if (const auto at = arguments.rfind(") = "); opens(call->name) && at < arguments.size()) {
            const auto opened = first_argument(arguments.substr(at + 4));
            ++uses_[opened];
            if (call->name.starts_with("accept")) sockets_.insert({opened, uses_[opened]});
        }
        const descriptor of{number, uses_[number]};
        if (call->name == "connect") connected_.insert(of);
        const auto* const data = find_data_call(call->name);
        if (data == nullptr || (call->resumed && !data->receives)) return {};
        if (!call->name.starts_with("read") && !call->name.starts_with("write") &&
            !call->name.starts_with("p")) {
            sockets_.insert(of);
        }
        return take_data(line, *call, *data, of);
    }

    // Every string of the call, also those of `[{iov_base="...", iov_len=9}]`.
    result<void> take_data(const text_line& line, const call_line& call, const data_call& data,
                           const descriptor& of) {
        traced_piece one{.of = of, .sends = !data.receives, .line = line};
        const auto result_at = std::min(line.text.rfind(") = "), line.text.size());
        auto at = call.arguments;
        while ((at = line.text.find('"', at)) < result_at) {
            // An address is not data: inet_addr("127.0.0.1").
            if (line.text[at - 1] == '(' && at != call.arguments) {
                at = line.text.find('"', at + 1) + 1;
                continue;
            }
            byte_text text;
            const auto end = text.read_literal(line, at);
            if (!end) return tl::unexpected(end.error());
            if (one.cut) break;
            if (one.piece.data.empty()) one.position = at;
            one.piece.data += text.take_bytes();
            one.cut = text.cut();
            at = *end;
        }
        const auto size = returned(line.text);
        const bool is_failed = line.text.substr(result_at).starts_with(") = -1");
        if (is_failed || one.piece.data.empty()) return {};
        if (size && *size < one.piece.data.size()) {
            one.piece.data.resize(static_cast<std::size_t>(*size));
            one.cut = false;
        }
        if (call.time) one.piece.time = call.time->value;
        if (!one.piece.data.empty()) pieces_.push_back(std::move(one));
        return {};
    }

    result<dump> choose(const std::vector<text_line>& lines) {
        std::set<descriptor> used;
        std::set<descriptor> of_sockets;
        for (const auto& one : pieces_) {
            used.insert(one.of);
            if (sockets_.contains(one.of) || connected_.contains(one.of)) {
                of_sockets.insert(one.of);
            }
        }
        if (!of_sockets.empty()) used = of_sockets;
        if (used.size() > 1) {
            std::string names;
            for (const auto& one : used) {
                names += (names.empty() ? "" : ", ") + std::string(one.number);
            }
            return lines.front().object(
                0, fmt::format("the calls are on several descriptors: {}", names),
                "only one connection can be read at a time: cut out its lines");
        }
        return used.empty() ? result<dump>(dump{.form = "strace"}) : read_one(*used.begin());
    }

    result<dump> read_one(const descriptor& of) {
        dump found{.form = "strace"};
        const bool is_client = connected_.contains(of);
        for (auto& one : pieces_) {
            if (one.of != of) continue;
            if (found.cut) {
                return one.line.object(one.position,
                                       "bytes are missing before these: strace cut "
                                       "the strings",
                                       "strace -s 1000000 shows all of them");
            }
            one.piece.from = one.sends == is_client ? stream_side::client : stream_side::server;
            found.pieces.push_back(std::move(one.piece));
            found.cut = one.cut;
        }
        if (found.cut)
            found.remarks.emplace_back("strace cut the last string: use strace -s 1000000");
        found.remarks.push_back(
            fmt::format("descriptor {}; the traced program is taken for the {}", of.number,
                        is_client ? "client" : "server"));
        return found;
    }

    std::map<std::pair<std::string, std::string>, std::string_view> unfinished_;
    std::map<std::string_view, std::size_t> uses_;
    std::set<descriptor> connected_;
    std::set<descriptor> sockets_;
    std::vector<traced_piece> pieces_;
};

}  // namespace

bool is_call_trace(const pasted_text& text) {
    const auto line = text.content.front().text;
    const auto call = find_call(line);
    if (!call) return false;
    if (call->resumed || find_data_call(call->name) != nullptr) return true;
    return line.find(") = ") != std::string_view::npos || line.ends_with("<unfinished ...>");
}

result<dump> read_call_trace(const pasted_text& text, const dump_options& /*options*/) {
    return call_trace_reader().read(text.content);
}

}  // namespace framewire
