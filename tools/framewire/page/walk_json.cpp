#include "walk_json.hpp"

#include "cli/timestamp.hpp"
#include "walkthrough/chunking.hpp"
#include "walkthrough/walk.hpp"
#include "walkthrough/walk_text.hpp"

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

json_value error_json(const wire_error& error) {
    return json_value::object(
        {{"name", error_name(error.code)}, {"at", error.offset}, {"words", error.words}});
}

// `failure` is that of the stream, if it has failed.
json_value part_json(const walk_part& part, const wire_error* failure) {
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
    one["binary"] = frame.is_binary;
    if (frame.reached == frame_anatomy::stage::failed && failure != nullptr) {
        one["error"] = error_json(*failure);
    }
    return one;
}

json_value frames_json(const walk_step& step, const walk& side) {
    auto list = json_value::list();
    for (const auto& part : step.parts) list.push_back(part_json(part, side.failure()));
    return list;
}

// When it was captured, and in which record: `12:03:04.123456 #57`.
std::string stamp_of(const transcript_line& line) {
    std::string text;
    if (line.time) {
        constexpr std::size_t date_size = 11;
        const auto whole = timestamp(*line.time).text();
        text = whole.substr(date_size, whole.size() - date_size - 1);
    }
    if (line.record > 0) text += fmt::format("{}#{}", text.empty() ? "" : " ", line.record);
    return text;
}

std::string line_of(const walk_step& step, bytes chunk) {
    std::vector<frame_anatomy> found;
    found.reserve(step.parts.size());
    for (const auto& part : step.parts) found.push_back(part.frame);
    return print_parted(step.received, chunk, step.offset, found);
}

// Records the steps of real sessions that take part in the conversation, one at each end.
class writer {
public:
    explicit writer(const framing& frames)
        : frames_(frames),
          receiver_(frames, limits{}),
          client_(frames.reversed(), limits{}, direction::sent) {}

    // False if the page has no space for more.
    bool add(const transcript_line& line) {
        if (line.what == kind::comment) {
            notes_.push_back(line.text);
            return true;
        }
        if (step_count_ == walk_steps_max) return false;
        stamp_ = stamp_of(line);
        switch (line.what) {
            case kind::from_peer: return add_chunk(line.text);
            case kind::to_peer: add_reply(line.text); break;
            case kind::clock: add_other("pause", receiver_.pass(line.elapsed)); break;
            case kind::eof:
            case kind::reset:
            case kind::gap: add_end(line); break;
            case kind::framing:
                static_cast<void>(client_.use(line.frames->reversed()));
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
        auto& one = add_step("chunk", line_of(step, shown));
        one["at"] = step.offset;
        one["size"] = step.size;
        one["before"] = step.before;
        one["frames"] = frames_json(step, receiver_);
        one["after"] = step.after;
        return shown.size() == chunk.size();
    }
    void add_reply(bytes reply) {
        auto step = client_.begin_step(reply);
        // What is wrong is shown wherever it is.
        client_.receive(reply, [&](walk_part&& part) {
            const bool is_wrong = part.frame.reached == frame_anatomy::stage::failed;
            if (part.frame.offset < walk_bytes_max || is_wrong) {
                step.parts.push_back(std::move(part));
            }
        });
        auto& one = add_step("reply", line_of(step, reply));
        one["at"] = step.offset;
        one["size"] = reply.size();
        one["hex"] = digits_of(reply.substr(0, reply_bytes_max));
        one["frames"] = frames_json(step, client_);
        one["after"] = client_.state();
    }
    // The offsets of a page count what is there: a gap has its size in words.
    void add_end(const transcript_line& line) {
        const bool is_server = line.way == direction::sent;
        auto& side = is_server ? client_ : receiver_;
        const std::string sign = is_server ? ">" : "<";
        std::string text;
        if (line.what == kind::eof) text = " eof\n" + without_eof(side.receive_eof());
        if (line.what == kind::reset) text = " reset\n" + side.receive_reset();
        if (line.what == kind::gap) {
            static_cast<void>(side.pass_gap(0));
            text = fmt::format(" gap {}\n", line.missing);
        }
        const std::string_view what = line.what == kind::eof     ? "eof"
                                      : line.what == kind::reset ? "reset"
                                                                 : "gap";
        add_step(what, sign + text)["server"] = is_server;
    }
    void add_other(std::string_view what, std::string line) { add_step(what, std::move(line)); }
    json_value& add_step(std::string_view what, std::string line) {
        ++step_count_;
        auto& one = steps_.push_back({});
        one["what"] = what;
        if (!stamp_.empty()) one["stamp"] = stamp_;
        one["line"] = std::move(line);
        one["notes"] = std::exchange(notes_, json_value::list());
        return one;
    }

    // It does not matter here whether the session was over before the end of the stream.
    static std::string without_eof(const std::string& lines) {
        constexpr std::string_view end = " eof\n";
        return lines.find(end) == 1 ? lines.substr(end.size() + 1) : lines;
    }

    framing frames_;
    walk receiver_;
    walk client_;
    std::string stream_;
    std::string stamp_;
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
    std::optional<std::chrono::system_clock::time_point> began;
    std::optional<std::chrono::system_clock::time_point> ended;
    for (const auto& line : lines) {
        if (line.time) ended = line.time;
        if (!began) began = ended;
        if (line.what == kind::from_peer) {
            size += line.text.size();
            ++chunks;
        }
        has_room = has_room && steps.add(line);
    }
    auto all = steps.finish(!has_room);
    all["size"] = size;
    all["chunks"] = chunks;
    if (began) {
        all["began"] = timestamp(*began).text();
        all["ended"] = timestamp(*ended).text();
    }
    return all;
}

}  // namespace framewire
