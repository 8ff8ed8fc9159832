#include "text.hpp"

#include "cli/terminal.hpp"
#include "cli/timestamp.hpp"
#include "printed_text.hpp"
#include "walkthrough/walk_text.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <utility>
#include <vector>

namespace framewire {
namespace {

using kind = transcript_line::kind;

std::string list(const std::vector<std::uint64_t>& ends) {
    constexpr std::size_t listed_max = 8;
    std::string sizes;
    std::uint64_t begin = 0;
    for (std::size_t at = 0; at < ends.size(); ++at) {
        if (at == listed_max) return sizes + ", ...";
        const bool is_final = at > 0 && at + 1 == ends.size();
        sizes += at == 0 ? "" : is_final ? " and " : ", ";
        sizes += fmt::format("{}", ends[at] - begin);
        begin = ends[at];
    }
    return sizes;
}

std::string counted(std::uint64_t number, std::string_view thing) {
    return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

// The parts of a stream that the ruler shows. Needs the frames that begin there, and no others.
class beginning_of_stream {
public:
    explicit beginning_of_stream(const framing& frames)
        : parts_(frames, limits{}.assembled_bytes_max), is_raw_(frames.is_raw()) {}

    void add(bytes chunk) {
        shown_ += chunk.substr(0, ruler_bytes_max - shown_.size());
        ends_.push_back(size_ += chunk.size());
        // Without framing, a frame is a chunk.
        const auto slice = is_raw_ ? chunk.size() : slice_bytes;
        for (; !chunk.empty() && !is_whole_; chunk.remove_prefix(std::min(slice, chunk.size()))) {
            dissect(chunk.substr(0, slice));
        }
    }
    // A ruler of the whole stream has no place for what is missing.
    void pass_gap() { has_gap_ = has_gap_ || shown_.size() < ruler_bytes_max; }
    [[nodiscard]] bool has_gap() const noexcept { return has_gap_; }
    [[nodiscard]] std::uint64_t chunks() const noexcept { return ends_.size(); }
    [[nodiscard]] std::string print(const framing& frames, bool colour) const {
        if (ends_.empty()) return {};
        auto heading =
            fmt::format("# {} in {}{}\n", counted(size_, "byte"), counted(ends_.size(), "chunk"),
                        ends_.size() > 1 ? fmt::format(" of {}", list(ends_)) : "");
        if (has_gap_) return heading;
        return heading + "#\n" +
               print_anatomy(frames, shown_, size_, found_, ends_, parts_.failure(), colour);
    }

private:
    static constexpr std::size_t slice_bytes = 4096;

    void dissect(bytes slice) {
        // The next slice returns a frame that is still open again.
        if (!found_.empty() && !found_.back().over()) found_.pop_back();
        parts_.receive(slice, [&](frame_anatomy&& frame) {
            is_whole_ = is_whole_ || frame.offset >= ruler_bytes_max;
            if (!is_whole_) found_.push_back(std::move(frame));
        });
        is_whole_ = is_whole_ || parts_.failure() != nullptr;
    }

    dissector parts_;
    bool is_raw_;
    std::string shown_;
    std::uint64_t size_ = 0;
    std::vector<std::uint64_t> ends_;
    std::vector<frame_anatomy> found_;
    bool is_whole_ = false;
    bool has_gap_ = false;
};

// When a line was captured, and in which record: `12:03:04.123456 #57`.
std::string stamp_of(const transcript_line& line, bool is_whole) {
    std::string text;
    if (line.time) {
        const timestamp at(*line.time);
        constexpr std::size_t date_size = 11;
        text =
            is_whole ? at.text() : at.text().substr(date_size, at.text().size() - date_size - 1);
    }
    if (line.record > 0) text += fmt::format("{}#{}", text.empty() ? "" : " ", line.record);
    return text;
}

// Explains the conversation with real sessions: one takes part as a server would, the other as a
// client.
class explainer {
public:
    explainer(const framing& frames, const beginning_of_stream& shown,
              const walkthrough_style& how, printed_text& to)
        : chunks_(shown.chunks()),
          has_gap_(shown.has_gap()),
          how_(how),
          colour_(!how.brief && terminal_obeys(STDOUT_FILENO)),
          to_(to),
          client_(frames, limits{}),
          server_(frames.reversed(), limits{}, direction::sent) {}

    void explain(const transcript_line& line) {
        if (how_.times || how_.timestamps) {
            const auto stamp = stamp_of(line, how_.timestamps);
            if (!stamp.empty()) to_.add(fmt::format("# {}\n", stamp));
        }
        auto& side = line.way == direction::sent ? server_ : client_;
        switch (line.what) {
            case kind::from_peer: return explain_chunk(client_, line);
            case kind::to_peer: return explain_chunk(server_, line);
            case kind::clock: return to_.add(client_.pass(line.elapsed));
            case kind::eof: return to_.add(side.receive_eof());
            case kind::reset: return to_.add(side.receive_reset());
            case kind::gap: return to_.add(side.pass_gap(line.missing));
            case kind::framing:
                static_cast<void>(server_.use(line.frames->reversed()));
                return to_.add(client_.use(*line.frames));
            case kind::comment: return to_.add(fmt::format("# {}\n", line.text));
            case kind::event: return;
        }
    }

    // What a frame that does not end looks like, as a session says when the stream does.
    void explain_unfinished() {
        if (how_.brief) return;
        for (auto* const side : {&client_, &server_}) {
            if (!side->open()) continue;
            const auto end = side->receive_eof();
            for (const std::string_view guess : {"; looks ", "; does ", "; nothing but "}) {
                const auto at = end.rfind(guess);
                if (at == std::string::npos) continue;
                to_.add("# guess     " + end.substr(at + 2));
                break;
            }
        }
    }

private:
    [[nodiscard]] std::string titled(const transcript_line& line) {
        auto title = line.what == kind::from_peer
                         ? fmt::format("chunk {} of {}", ++explained_, chunks_)
                         : std::string("server");
        const auto stamp = stamp_of(line, false);
        return stamp.empty() ? title : title + " @ " + stamp;
    }
    void explain_chunk(walk& side, const transcript_line& line) {
        if (how_.brief) return print_brief(side, line);
        to_.add("#\n");
        if (line.what == kind::to_peer || has_gap_) return explain_with_ruler(side, line);
        auto step = side.begin_step(line.text);
        if (line.text.size() > parted_bytes_max) {
            to_.add(print_step_begin(step, titled(line), colour_));
            side.receive(line.text, [&](walk_part&& part) { to_.add(print_part(part, colour_)); });
            return to_.add(print_step_end(side.state(), colour_));
        }
        std::vector<frame_anatomy> found;
        std::string parts;
        side.receive(line.text, [&](walk_part&& part) {
            parts += print_part(part, colour_);
            found.push_back(std::move(part.frame));
        });
        step.received = print_parted(step.received, line.text, step.offset, found);
        to_.add(print_step_begin(step, titled(line), colour_));
        to_.add(parts);
        to_.add(print_step_end(side.state(), colour_));
    }
    void print_brief(walk& side, const transcript_line& line) {
        const auto step = side.begin_step(line.text);
        if (line.text.size() > parted_bytes_max) {
            to_.add(step.received);
            return side.receive(line.text, [&](walk_part&& part) { to_.add(part.events); });
        }
        std::vector<frame_anatomy> found;
        std::string events;
        side.receive(line.text, [&](walk_part&& part) {
            events += part.events;
            found.push_back(std::move(part.frame));
        });
        to_.add(print_parted(step.received, line.text, step.offset, found));
        to_.add(events);
    }
    // Where no ruler shows the whole stream, each chunk has its own, and whole frames need no more
    // words.
    void explain_with_ruler(walk& side, const transcript_line& line) {
        const auto step = side.begin_step(line.text);
        std::vector<frame_anatomy> shown;
        std::string words;
        side.receive(line.text, [&](walk_part&& part) {
            const bool is_whole = part.frame.reached == frame_anatomy::stage::complete;
            words += is_whole ? part.events : print_part(part, colour_);
            if (part.frame.offset < step.offset + parted_bytes_max) {
                shown.push_back(std::move(part.frame));
            }
        });
        to_.add(fmt::format("# {}: {}\n", titled(line), size_and_range(step.offset, step.size)));
        to_.add(print_ruler(line.text, step.offset, shown, {}, side.failure(), colour_));
        to_.add(print_parted(step.received, line.text, step.offset, shown));
        to_.add(words);
        if (side.open()) to_.add(print_step_end(side.state(), colour_));
    }

    std::uint64_t chunks_;
    bool has_gap_;
    std::uint64_t explained_ = 0;
    walkthrough_style how_;
    bool colour_;
    printed_text& to_;
    walk client_;
    walk server_;
};

}  // namespace

result<void> print_walkthrough(const conversation& shown, const walkthrough_style& how) {
    const bool colour = !how.brief && terminal_obeys(STDOUT_FILENO);
    beginning_of_stream beginning(shown.framing);
    if (!how.brief) {
        auto read = shown.read([&](const transcript_line& line) {
            if (line.what == kind::from_peer) beginning.add(line.text);
            if (line.what == kind::gap && line.way == direction::received) beginning.pass_gap();
        });
        if (!read) return read;
    }
    printed_text text;
    explainer each(shown.framing, beginning, how, text);
    bool has_begun = false;
    const auto begin = [&] {
        if (std::exchange(has_begun, true)) return;
        text.add(transcript_printer(time_point{}).begin(shown.framing));
        if (!how.brief) text.add(beginning.print(shown.framing, colour));
    };
    // Comments before the conversation come before its ruler.
    auto read = shown.read([&](const transcript_line& line) {
        if (line.what != kind::comment) begin();
        each.explain(line);
    });
    if (!read) return read;
    begin();
    each.explain_unfinished();
    text.flush();
    return {};
}

}  // namespace framewire
