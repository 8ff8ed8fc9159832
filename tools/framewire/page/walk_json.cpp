#include "walk_json.hpp"

#include "walkthrough/chunking.hpp"
#include "walkthrough/walk.hpp"

#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

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
    constexpr std::string_view digit = "0123456789abcdef";
    std::string digits;
    for (const char byte : stream) {
        digits += digit[static_cast<unsigned char>(byte) >> 4U];
        digits += digit[static_cast<unsigned char>(byte) & 15U];
    }
    return digits;
}

json_value findings_of(const walk_part& part) {
    auto list = json_value::list();
    for (const auto& [label, words] : part.findings)
        list.push_back(json_value::list({label, words}));
    return list;
}

json_value part_json(const walk_part& part) {
    const auto& frame = part.frame;
    json_value one;
    one["at"] = frame.offset;
    one["header"] = frame.header_bytes;
    one["payload"] = frame.payload_bytes;
    one["trailer"] = frame.trailer_bytes;
    one["announced"] = frame.announced == unknown_length
                           ? json_value()
                           : json_value(std::to_string(frame.announced));
    one["counted"] = frame.counted;
    one["stage"] = name_of(frame.reached);
    one["discarded"] = frame.is_discarded;
    one["findings"] = findings_of(part);
    one["events"] = part.events;
    return one;
}

json_value frames_json(const walk_step& step) {
    auto list = json_value::list();
    for (const auto& part : step.parts) list.push_back(part_json(part));
    return list;
}

json_value error_json(const wire_error& error) {
    return json_value::object(
        {{"name", error_name(error.code)}, {"at", error.offset}, {"words", error.words}});
}

// Records the steps of a real session that takes part in the conversation.
class writer {
public:
    explicit writer(const framing& frames)
        : frames_(frames),
          receiver_(frames, limits{}),
          replies_(frames.replies(), limits{}.assembled_bytes_max) {}

    // False if the page has no space for more.
    bool add(const transcript_line& line) {
        if (line.what == kind::comment) {
            notes_.push_back(line.text);
            return true;
        }
        if (step_count_ == walk_steps_max) return false;
        switch (line.what) {
            case kind::from_peer: return add_chunk(line.text);
            case kind::to_peer: add_reply(line.text); break;
            case kind::clock: add_other("pause", receiver_.pass(line.elapsed)); break;
            case kind::eof:
                add_other("eof", "< eof\n" + without_eof(receiver_.receive_eof()));
                break;
            case kind::reset: add_other("reset", "< reset\n" + receiver_.receive_reset()); break;
            case kind::framing:
                replies_.use(line.frames->replies());
                add_other("framing", receiver_.use(*line.frames));
                break;
            default: break;
        }
        return true;
    }

    json_value finish(bool is_cut) {
        json_value all;
        all["framing"] = frames_.spec();
        all["counts"] = frames_.counts() == counting::in_characters ? "characters" : "bytes";
        const auto layout = frames_.describe();
        all["binary"] = layout.length && layout.length->is_binary();
        all["steps"] = std::move(steps_);
        all["notes"] = std::move(notes_);
        all["hex"] = digits_of(stream_);
        all["cut"] = is_cut;
        all["error"] =
            receiver_.failure() == nullptr ? json_value() : error_json(*receiver_.failure());
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
        one["frames"] = json_value::list();
        explains_replies_ = explains_replies_ && reply.size() <= walk_bytes_max &&
                            replies_.offset() <= walk_bytes_max;
        if (explains_replies_) one["frames"] = frames_json(explain_chunk(replies_, reply));
    }
    void add_other(std::string_view what, std::string line) { add_step(what, std::move(line)); }
    json_value& add_step(std::string_view what, std::string line) {
        ++step_count_;
        auto& one = steps_.push_back({});
        one["what"] = what;
        one["line"] = std::move(line);
        one["notes"] = std::exchange(notes_, json_value::list());
        return one;
    }

    // It does not matter here whether the session was over before the end of the stream.
    static std::string without_eof(const std::string& lines) {
        constexpr std::string_view end = "< eof\n";
        return lines.starts_with(end) ? lines.substr(end.size()) : lines;
    }

    framing frames_;
    walk receiver_;
    dissector replies_;
    bool explains_replies_ = true;
    std::string stream_;
    std::size_t step_count_ = 0;
    json_value steps_ = json_value::list();
    json_value notes_ = json_value::list();
};

}  // namespace

json_value walk_json(const transcript& conversation, const chunking& cuts) {
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
