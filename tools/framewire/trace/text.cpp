#include "text.hpp"

#include "cli/print.hpp"
#include "cli/terminal.hpp"
#include "walkthrough/walk_text.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>

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

std::string stream_of(const std::vector<transcript_line>& lines) {
    std::string stream;
    for (const auto& line : lines) {
        if (line.what == kind::from_peer) stream += line.text;
    }
    return stream;
}

std::string introduce(const framing& frames, const std::vector<transcript_line>& lines,
                      bool colour) {
    dissector parts(frames, limits{}.assembled_bytes_max);
    std::vector<frame_anatomy> found;
    std::vector<std::uint64_t> ends;
    for (const auto& line : lines) {
        if (line.what != kind::from_peer) continue;
        // The next chunk returns a frame that is still open again.
        if (!found.empty() && !found.back().over()) found.pop_back();
        for (auto& frame : parts.receive(line.text)) found.push_back(std::move(frame));
        ends.push_back(line.text.size() + (ends.empty() ? 0 : ends.back()));
    }
    if (ends.empty()) return {};
    const auto stream = stream_of(lines);
    auto text = fmt::format("# {} in {}{}\n#\n", counted(stream.size(), "byte"),
                            counted(ends.size(), "chunk"),
                            ends.size() > 1 ? fmt::format(" of {}", list(ends)) : "");
    return text + print_anatomy(frames, stream, found, ends, parts.failure(), colour);
}

// Explains the conversation with a real session that takes part as a server would.
class explainer {
public:
    explainer(const framing& frames, std::size_t chunks, bool brief)
        : chunks_(chunks),
          brief_(brief),
          colour_(!brief && terminal_obeys(STDOUT_FILENO)),
          frames_(frames),
          receiver_(frames, limits{}),
          replies_(frames, limits{}.assembled_bytes_max) {}

    std::string explain(const transcript_line& line) {
        switch (line.what) {
            case kind::from_peer: return explain_chunk_of_peer(line.text);
            case kind::to_peer: return explain_reply(line.text);
            case kind::clock: return receiver_.pass(line.elapsed);
            case kind::eof: return receiver_.receive_eof();
            case kind::reset: return receiver_.receive_reset();
            case kind::comment: return fmt::format("# {}\n", line.text);
            default: return {};
        }
    }

private:
    std::string explain_chunk_of_peer(bytes chunk) {
        const auto step = receiver_.receive(chunk);
        if (brief_) return print_transcript(step);
        const auto title = fmt::format("chunk {} of {}", ++explained_, chunks_);
        return "#\n" + print_step(step, title, colour_);
    }
    std::string explain_reply(bytes reply) {
        auto line = transcript_printer(time_point{}).to_peer(reply, time_point{});
        if (brief_) return line;
        const auto offset = replies_.offset();
        const auto frames = replies_.receive(reply);
        return fmt::format("#\n# reply: {}\n", size_and_range(offset, reply.size())) +
               print_ruler(reply, offset, frames, {}, replies_.failure(), colour_) + line;
    }

    std::size_t chunks_;
    std::size_t explained_ = 0;
    bool brief_;
    bool colour_;
    framing frames_;
    walk receiver_;
    dissector replies_;
};

}  // namespace

void print_walkthrough(const transcript& conversation, const chunking& cuts, bool brief) {
    const auto lines = cut(conversation.lines, cuts);
    const bool colour = !brief && terminal_obeys(STDOUT_FILENO);
    // Comments before the conversation come before its ruler.
    const auto first = std::ranges::find_if(
        lines, [](const transcript_line& line) { return line.what != kind::comment; });
    const auto chunks = std::ranges::count(lines, kind::from_peer, &transcript_line::what);
    explainer each(conversation.framing, static_cast<std::size_t>(chunks), brief);
    for (auto line = lines.begin(); line != first; ++line) print(each.explain(*line));
    print(transcript_printer(time_point{}).begin(conversation.framing));
    if (!brief) print(introduce(conversation.framing, lines, colour));
    for (auto line = first; line != lines.end(); ++line) print(each.explain(*line));
}

}  // namespace framewire
