#include "walk_json.hpp"

#include "walkthrough/chunking.hpp"
#include "walkthrough/walk.hpp"

#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

using json = nlohmann::ordered_json;
using kind = transcript_line::kind;

constexpr std::size_t reply_bytes_max = 256;

std::string_view name_of(frame_anatomy::stage stage) {
    switch (stage) {
        case frame_anatomy::stage::header: return "header";
        case frame_anatomy::stage::payload: return "payload";
        case frame_anatomy::stage::trailer: return "trailer";
        case frame_anatomy::stage::complete: return "complete";
        case frame_anatomy::stage::skipped: return "skipped";
        case frame_anatomy::stage::failed: return "failed";
    }
    return "failed";
}

std::string digits_of(bytes stream) {
    std::string digits;
    for (const char byte : stream) {
        fmt::format_to(std::back_inserter(digits), "{:02x}", static_cast<unsigned char>(byte));
    }
    return digits;
}

json said(const walk_part& part) {
    auto list = json::array();
    for (const auto& [label, words] : part.findings) list.push_back({label, words});
    return list;
}

json part_json(const walk_part& part) {
    const auto& frame = part.frame;
    json one;
    one["at"] = frame.offset;
    one["header"] = frame.header_bytes;
    one["payload"] = frame.payload_bytes;
    one["trailer"] = frame.trailer_bytes;
    one["announced"] =
        frame.announced == unknown_length ? json() : json(fmt::format("{}", frame.announced));
    one["counted"] = frame.counted;
    one["stands"] = name_of(frame.stands);
    one["discarded"] = frame.is_discarded;
    one["said"] = said(part);
    one["events"] = part.events;
    return one;
}

json frames_json(const walk_step& step) {
    auto list = json::array();
    for (const auto& part : step.parts) list.push_back(part_json(part));
    return list;
}

json error_json(const wire_error& error) {
    return {{"name", error_name(error.code)}, {"at", error.offset}, {"words", error.words}};
}

// A real session takes part in the conversation, and its steps are written down.
class writer {
public:
    explicit writer(const framing& frames)
        : frames_(frames),
          receiver_(frames, limits{}),
          replies_(frames, limits{}.assembled_bytes_max) {}

    // False if the page has room for no more.
    bool add(const transcript_line& line) {
        if (line.what == kind::comment) {
            notes_.push_back(line.text);
            return true;
        }
        if (steps_.size() == walk_steps_max) return false;
        switch (line.what) {
            case kind::from_peer: return add_chunk(line.text);
            case kind::to_peer: add_reply(line.text); break;
            case kind::clock: add_other("pause", receiver_.pass(line.elapsed)); break;
            case kind::eof:
                add_other("eof", "< eof\n" + without_eof(receiver_.receive_eof()));
                break;
            case kind::reset: add_other("reset", "< reset\n" + receiver_.receive_reset()); break;
            default: break;
        }
        return true;
    }

    json finish(bool is_cut) {
        json all;
        all["framing"] = frames_.spec();
        all["counts"] = frames_.counts() == counting::in_characters ? "characters" : "bytes";
        all["steps"] = std::move(steps_);
        all["notes"] = std::move(notes_);
        all["hex"] = digits_of(stream_);
        all["cut"] = is_cut;
        all["error"] = receiver_.failure() == nullptr ? json() : error_json(*receiver_.failure());
        return all;
    }

private:
    bool add_chunk(bytes chunk) {
        const auto shown = chunk.substr(0, walk_bytes_max - stream_.size());
        if (shown.empty()) return false;
        stream_ += shown;
        const auto step = receiver_.receive(shown);
        auto& one = add_step("chunk", step.received);
        one["at"] = step.offset;
        one["size"] = step.size;
        one["before"] = step.before;
        one["frames"] = frames_json(step);
        one["after"] = step.after;
        return shown.size() == chunk.size();
    }
    void add_reply(bytes reply) {
        const auto line = transcript_printer(time_point{}).to_peer(reply, time_point{});
        auto& one = add_step("reply", line);
        one["at"] = replies_.offset();
        one["size"] = reply.size();
        one["hex"] = digits_of(reply.substr(0, reply_bytes_max));
        one["frames"] = json::array();
        explains_replies_ = explains_replies_ && reply.size() <= walk_bytes_max &&
                            replies_.offset() <= walk_bytes_max;
        if (explains_replies_)
            one["frames"] = frames_json(explain_chunk(frames_, replies_, reply));
    }
    void add_other(std::string_view what, std::string line) { add_step(what, std::move(line)); }
    json& add_step(std::string_view what, std::string line) {
        auto& one = steps_.emplace_back();
        one["what"] = what;
        one["line"] = std::move(line);
        one["notes"] = std::exchange(notes_, json::array());
        return one;
    }

    // Whether the session was over before, and the end therefore was no news, does not matter
    // here.
    static std::string without_eof(const std::string& lines) {
        constexpr std::string_view end = "< eof\n";
        return lines.starts_with(end) ? lines.substr(end.size()) : lines;
    }

    framing frames_;
    walk receiver_;
    dissector replies_;
    bool explains_replies_ = true;
    std::string stream_;
    json steps_ = json::array();
    json notes_ = json::array();
};

}  // namespace

json walk_json(const transcript& conversation, const chunking& cuts) {
    const auto lines = cut(conversation.lines, cuts);
    writer steps(conversation.framing);
    std::uint64_t size = 0;
    std::uint64_t chunks = 0;
    bool has_room = true;
    for (const auto& line : lines) {
        if (line.what == kind::from_peer) {
            size += line.text.size();
            ++chunks;
        }
        has_room = has_room && steps.add(line);
    }
    auto all = steps.finish(!has_room);
    all["size"] = size;
    all["chunks"] = chunks;
    return all;
}

}  // namespace framewire
