#include "script.hpp"

#include "framewire/transcript/session_target.hpp"
#include "stream_bytes.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace framewire {
namespace {

using line_kind = transcript_line::kind;
using step_kind = script_step::kind;

// A recording is decoded as fast as it is read.
limits without_limits() {
    limits all;
    all.tiny_frames_per_second_max = 0;
    return all;
}

// What one end has sent, decoded.
class recorded_side {
public:
    explicit recorded_side(const framing& frames) : target_(frames, without_limits()) {}

    // Calls `each` with every arrival and the bytes that led to it.
    template <class Each>
    void take(const action& todo, Each each) {
        if (todo.what == action::kind::send) unread_.add(todo.data);
        target_.apply(todo);
        while (const auto happened = target_.next()) {
            const auto end = target_.receiver().offset();
            arrival one{.what = static_cast<arrival::kind>(happened->what),
                        .offset = happened->offset,
                        .end = end};
            if (happened->what == event::kind::frame) one.payload = happened->piece.payload;
            if (happened->what == event::kind::failed) one.error = *target_.receiver().failure();
            const bool is_frame =
                happened->what == event::kind::frame || happened->what == event::kind::skipped;
            each(std::move(one), is_frame ? unread_.take_until(end) : unread_.rest());
        }
    }

private:
    session_target target_;
    stream_bytes unread_;
};

// One connection while its script is written.
struct writing {
    writing(std::size_t number, const framing& our, const framing& their)
        : index(number), ours(our), theirs(their), theirs_is_raw(their.is_raw()) {}

    std::size_t index;
    recorded_side ours;
    recorded_side theirs;
    bool theirs_is_raw;
    bool has_data = false;    // a `framing` line is no longer the first
    bool is_ignored = false;  // what the other end sent is not known any more
    line_kind last = line_kind::comment;
};

class script_writer {
public:
    script_writer(const recorded_lines& all, played_end played)
        : all_(all),
          we_are_(played == played_end::client ? direction::received : direction::sent) {
        made_.is_captured = all.is_captured;
        made_.remarks = all.remarks;
    }

    result<script> write() {
        for (const auto& one : all_.lines) {
            if (auto taken = take(one); !taken) return tl::unexpected(taken.error());
        }
        return std::move(made_);
    }

private:
    result<void> take(const timed_line& one) {
        if (one.line.what == line_kind::clock || one.line.what == line_kind::event) return {};
        if (one.line.what == line_kind::comment) return take_comment(one);
        auto& to = connection_of(one);
        if (one.line.what == line_kind::framing) {
            use(*one.line.frames, one, to);
            return {};
        }
        to.has_data = true;
        to.last = one.line.what;
        if (way_of(one.line) == we_are_) return take_ours(one, to);
        take_theirs(one, to);
        return {};
    }

    // `-v` cuts long lines, and says so.
    result<void> take_comment(const timed_line& one) {
        const std::string_view words = one.line.text;
        const bool is_cut = words.starts_with("and ") && words.ends_with(" more bytes");
        const auto found = open_.find(one.line.connection);
        if (!is_cut || found == open_.end()) return {};
        auto& to = *found->second;
        const auto was = std::exchange(to.last, line_kind::comment);
        const auto ours =
            we_are_ == direction::received ? line_kind::from_peer : line_kind::to_peer;
        if (was == ours) {
            return tl::unexpected(failure{fmt::format(
                "line {}: bytes were left out when this was recorded, and cannot be sent",
                one.line.number)});
        }
        if (was == line_kind::from_peer || was == line_kind::to_peer) ignore(one, to);
        return {};
    }

    writing& connection_of(const timed_line& one) {
        const auto number = one.line.connection;
        auto& known = open_[number];
        if (known) return *known;
        const auto& frames = one.line.frames ? *one.line.frames : all_.framing;
        const auto index = made_.connections.size();
        const bool is_client = we_are_ == direction::received;
        const auto turned = frames.reversed();
        made_.connections.push_back({number, is_client ? frames : turned});
        known = std::make_unique<writing>(index, is_client ? frames : turned,
                                          is_client ? turned : frames);
        add(step_kind::open, one, *known);
        return *known;
    }

    script_step& add(step_kind what, const timed_line& one, const writing& to) {
        made_.steps.push_back(
            {.what = what, .connection = to.index, .at = one.at, .place = one.line.number});
        return made_.steps.back();
    }

    void use(const framing& frames, const timed_line& one, writing& to) {
        if (!to.has_data) return;  // it was opened with it
        const bool is_client = we_are_ == direction::received;
        const auto turned = frames.reversed();
        const auto& sent = is_client ? frames : turned;
        const auto& received = is_client ? turned : frames;
        add(step_kind::use, one, to).frames = std::make_shared<const framing>(sent);
        to.ours.take({.what = action::kind::use, .frames = &sent}, [](auto&&...) {});
        to.theirs.take({.what = action::kind::use, .frames = &received}, [](auto&&...) {});
        to.theirs_is_raw = received.is_raw();
    }

    result<void> take_ours(const timed_line& one, writing& to) {
        auto& messages = made_.connections.at(to.index).messages;
        switch (one.line.what) {
            case line_kind::gap:
                return tl::unexpected(failure{fmt::format(
                    "{} {}: {} bytes are missing here, and cannot be sent",
                    all_.is_captured ? "packet" : "line", one.line.number, one.line.missing)});
            case line_kind::eof: add(step_kind::end, one, to); break;
            case line_kind::reset: add(step_kind::reset, one, to); break;
            default:
                if (one.line.text.empty()) break;
                add(step_kind::send, one, to).data = one.line.text;
                to.ours.take({.what = action::kind::send, .data = one.line.text},
                             [&](const arrival& found, const auto&) {
                                 if (found.what == arrival::kind::frame) ++messages;
                             });
        }
        return {};
    }

    void take_theirs(const timed_line& one, writing& to) {
        if (to.is_ignored) return;
        const auto expect = [&](arrival found, bytes data) {
            if (to.theirs_is_raw && found.what == arrival::kind::frame) {
                return expect_bytes(data, one, to);
            }
            if (found.what == arrival::kind::failed) remark_on(found, one, to);
            auto& step = add(step_kind::expect, one, to);
            step.expected = std::move(found);
            step.data = data;
        };
        switch (one.line.what) {
            case line_kind::gap: return ignore(one, to);
            case line_kind::eof: return to.theirs.take({.what = action::kind::end}, expect);
            case line_kind::reset: return to.theirs.take({.what = action::kind::reset}, expect);
            default: to.theirs.take({.what = action::kind::send, .data = one.line.text}, expect);
        }
    }

    // Not a reset. Perhaps the framing is wrong, so that nothing was compared.
    void remark_on(const arrival& failed, const timed_line& one, const writing& to) {
        if (failed.error.code == errc::io_reset) return;
        made_.remarks.push_back(fmt::format(
            "{}: a frame is wrong at {} {}: {}", made_.connection_text(to.index),
            all_.is_captured ? "packet" : "line", one.line.number, failed.error.message()));
    }

    // Reads have no meaning: only what they are together has.
    void expect_bytes(bytes data, const timed_line& one, const writing& to) {
        if (!made_.steps.empty()) {
            auto& before = made_.steps.back();
            if (before.what == step_kind::expect && before.is_stream &&
                before.connection == to.index) {
                before.data += data;
                return;
            }
        }
        auto& step = add(step_kind::expect, one, to);
        step.is_stream = true;
        step.data = data;
    }

    void ignore(const timed_line& one, writing& to) {
        to.is_ignored = true;
        add(step_kind::ignore, one, to);
        made_.remarks.push_back(
            fmt::format("{}: bytes are missing at {} {}, so nothing is compared from there on",
                        made_.connection_text(to.index), all_.is_captured ? "packet" : "line",
                        one.line.number));
    }

    const recorded_lines& all_;
    direction we_are_;
    script made_;
    std::unordered_map<std::uint64_t, std::unique_ptr<writing>> open_;  // by number
};

}  // namespace

std::string script::place_text(const script_step& step) const {
    return fmt::format("{} {}", is_captured ? "packet" : "line", step.place);
}

std::string script::connection_text(std::size_t connection) const {
    const auto number = connections.at(connection).number;
    return is_captured ? fmt::format("stream {}", number - 1)
                       : fmt::format("connection {}", number);
}

result<script> make_script(const recorded_lines& all, played_end played) {
    return script_writer(all, played).write();
}

void add_missing_ends(script& all) {
    for (std::size_t number = 0; number < all.connections.size(); ++number) {
        const auto find = [&](const auto& matches) {
            return std::ranges::find_if(all.steps, [&](const script_step& step) {
                return step.connection == number && matches(step);
            });
        };
        const bool has_end = find([](const script_step& step) {
                                 return step.what == step_kind::end;
                             }) != all.steps.end();
        const auto theirs = find([](const script_step& step) {
            return step.what == step_kind::expect && step.expected.what == arrival::kind::finished;
        });
        if (has_end || theirs == all.steps.end()) continue;
        script_step ours{.what = step_kind::end, .connection = number, .at = theirs->at};
        all.steps.insert(theirs, std::move(ours));
    }
}

}  // namespace framewire
