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
    std::string print(const framing& frames, bool colour) const {
        if (ends_.empty()) return {};
        const auto heading = fmt::format(
            "# {} in {}{}\n#\n", counted(size_, "byte"), counted(ends_.size(), "chunk"),
            ends_.size() > 1 ? fmt::format(" of {}", list(ends_)) : "");
        return heading +
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
};

std::string introduce(const framing& frames, const std::vector<transcript_line>& lines,
                      bool colour) {
    beginning_of_stream beginning(frames);
    for (const auto& line : lines) {
        if (line.what == kind::from_peer) beginning.add(line.text);
    }
    return beginning.print(frames, colour);
}

// Explains the conversation with a real session that takes part as a server would.
class explainer {
public:
    explainer(const framing& frames, std::size_t chunks, const walkthrough_style& how,
              printed_text& to)
        : chunks_(chunks),
          brief_(how.brief),
          has_timestamps_(how.timestamps),
          colour_(!how.brief && terminal_obeys(STDOUT_FILENO)),
          to_(to),
          receiver_(frames, limits{}),
          replies_(frames.replies(), limits{}.assembled_bytes_max) {}

    void explain(const transcript_line& line) {
        if (has_timestamps_ && line.time) {
            to_.add(fmt::format("# {}\n", timestamp(*line.time).text()));
        }
        switch (line.what) {
            case kind::from_peer: return explain_chunk_of_peer(line.text);
            case kind::to_peer: return explain_reply(line.text);
            case kind::clock: return to_.add(receiver_.pass(line.elapsed));
            case kind::eof: has_ended_ = true; return to_.add(receiver_.receive_eof());
            case kind::reset: has_ended_ = true; return to_.add(receiver_.receive_reset());
            case kind::framing:
                replies_.use(line.frames->replies());
                return to_.add(receiver_.use(*line.frames));
            case kind::comment: return to_.add(fmt::format("# {}\n", line.text));
            default: return;
        }
    }

    // What a frame that does not end looks like, as a session says when the stream does.
    void explain_unfinished() {
        if (brief_ || has_ended_) return;
        const auto end = receiver_.receive_eof();
        for (const std::string_view guess : {"; looks ", "; does ", "; nothing but "}) {
            const auto at = end.rfind(guess);
            if (at != std::string::npos) return to_.add("# guess     " + end.substr(at + 2));
        }
    }

private:
    void explain_chunk_of_peer(bytes chunk) {
        const auto step = receiver_.begin_step(chunk);
        if (brief_) {
            to_.add(step.received);
            return receiver_.receive(chunk, [&](walk_part&& part) { to_.add(part.events); });
        }
        to_.add("#\n");
        to_.add(
            print_step_begin(step, fmt::format("chunk {} of {}", ++explained_, chunks_), colour_));
        receiver_.receive(chunk, [&](walk_part&& part) { to_.add(print_part(part, colour_)); });
        to_.add(print_step_end(receiver_.state(), colour_));
    }
    void explain_reply(bytes reply) {
        const auto line = transcript_printer(time_point{}).to_peer(reply, time_point{});
        if (brief_) return to_.add(line);
        const auto offset = replies_.offset();
        std::vector<frame_anatomy> frames;
        replies_.receive(reply, [&](frame_anatomy&& frame) {
            if (frame.offset < offset + ruler_bytes_max) frames.push_back(std::move(frame));
        });
        to_.add(fmt::format("#\n# reply: {}\n", size_and_range(offset, reply.size())));
        to_.add(print_ruler(reply, offset, frames, {}, replies_.failure(), colour_));
        to_.add(line);
    }

    std::size_t chunks_;
    std::size_t explained_ = 0;
    bool brief_;
    bool has_timestamps_;
    bool has_ended_ = false;
    bool colour_;
    printed_text& to_;
    walk receiver_;
    dissector replies_;
};

}  // namespace

void print_walkthrough(const transcript& conversation, const chunking& cuts,
                       const walkthrough_style& how) {
    const auto lines = cut(conversation.lines, cuts);
    const bool colour = !how.brief && terminal_obeys(STDOUT_FILENO);
    // Comments before the conversation come before its ruler.
    const auto first = std::ranges::find_if(
        lines, [](const transcript_line& line) { return line.what != kind::comment; });
    const auto chunks = std::ranges::count(lines, kind::from_peer, &transcript_line::what);
    printed_text text;
    explainer each(conversation.framing, static_cast<std::size_t>(chunks), how, text);
    for (auto line = lines.begin(); line != first; ++line) each.explain(*line);
    text.add(transcript_printer(time_point{}).begin(conversation.framing));
    if (!how.brief) text.add(introduce(conversation.framing, lines, colour));
    for (auto line = first; line != lines.end(); ++line) each.explain(*line);
    each.explain_unfinished();
    text.flush();
}

}  // namespace framewire
