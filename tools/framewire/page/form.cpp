#include "form.hpp"

#include "dump/dump.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "framewire/session/session.hpp"
#include "walkthrough/encode_all.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;
template <class T>
using field_result = tl::expected<T, form_fault>;

// More than a page shows, or a person writes.
constexpr std::size_t messages_max = 2000;
constexpr std::size_t borders_max = 4096;

tl::unexpected<form_fault> fault(std::string field, failure why) {
    return tl::unexpected(form_fault{std::move(field), std::move(why)});
}

std::string joined(const std::vector<std::uint64_t>& numbers) {
    std::string list;
    for (const auto number : numbers) list += (list.empty() ? "" : ",") + std::to_string(number);
    return list;
}

std::string joined(const std::vector<std::string>& messages) {
    std::string lines;
    for (std::size_t at = 0; at < messages.size(); ++at) {
        lines += (at == 0 ? "" : "\n") + messages[at];
    }
    return lines;
}

// True if one line of the form can show it unchanged.
bool is_plain(const std::string& message) {
    std::string shown;
    append_escaped(message, 0, shown);
    return shown == message;
}

// The messages whose frames are exactly this stream, if there are such.
std::optional<std::string> messages_of(const framing& frames, const std::string& stream) {
    session receiver(frames, limits{}, delivery::whole, time_point{});
    receiver.receive(stream);
    receiver.receive_eof();
    std::vector<std::string> messages;
    while (const auto found = receiver.next()) {
        if (found->what == event::kind::finished) break;
        if (found->what != event::kind::frame || messages.size() == messages_max) return {};
        messages.emplace_back(found->piece.payload);
    }
    const auto again = encode_all(frames, messages);
    const bool same = again && *again == stream && !messages.empty();
    if (!same || !std::ranges::all_of(messages, is_plain)) return {};
    return joined(messages);
}

void fill_text(json_value& form, const transcript& conversation) {
    std::string stream;
    std::string lines;
    for (const auto& line : conversation.lines) {
        if (line.what != kind::from_peer) continue;
        stream += line.text;
        lines += fmt::format("< {}\n", print_bytes(line.text));
    }
    const auto messages = messages_of(conversation.framing, stream);
    form["kind"] = messages ? "messages" : "bytes";
    form["text"] = messages.value_or(lines);
}

void fill_cuts(json_value& form, const transcript& conversation, const chunking& cuts) {
    const bool one_kind = (cuts.chunk > 0) + !cuts.chunks.empty() + !cuts.splits.empty() <= 1;
    form["cut"] = "chunk";
    form["at"] = cuts.chunk == 0 ? std::string() : std::to_string(cuts.chunk);
    if (one_kind && cuts.splits.empty() && cuts.chunks.empty()) return;
    const bool in_chunks = one_kind && !cuts.chunks.empty();
    form["cut"] = in_chunks ? "chunks" : "splits";
    std::uint64_t size = 0;
    for (const auto& line : conversation.lines) {
        size += line.what == kind::from_peer ? line.text.size() : 0;
    }
    auto ends = cuts.ends(size);
    if (!ends.empty()) ends.pop_back();
    form["at"] = joined(in_chunks ? cuts.chunks : ends);
}

field_result<std::string> text_of(const json_value& form, const char* field) {
    const auto* const found = form.find(field);
    if (found == nullptr) return std::string();
    if (found->text() == nullptr) return fault(field, {"must be text"});
    return *found->text();
}

std::vector<std::string> split(const std::string& text, char border) {
    std::vector<std::string> parts(1);
    for (const char one : text) {
        if (one == border) {
            parts.emplace_back();
        } else {
            parts.back() += one;
        }
    }
    return parts;
}

field_result<std::vector<transcript_line>> read_text(const framing& frames, const std::string& how,
                                                     const std::string& text) {
    std::vector<transcript_line> lines;
    const auto add = [&](std::string chunk, stream_side from = stream_side::client) {
        const auto what = from == stream_side::client ? kind::from_peer : kind::to_peer;
        if (!chunk.empty()) lines.push_back({.what = what, .text = std::move(chunk)});
    };
    if (how == "bytes") {
        auto found = read_dump(text);
        if (!found) return fault("text", found.error());
        for (auto& one : found->pieces) add(std::move(one.data), one.from);
    } else {
        const auto messages = split(text, '\n');
        if (messages.size() > messages_max) {
            return fault("text", {fmt::format("at most {} messages", messages_max)});
        }
        auto stream = encode_all(frames, messages);
        if (!stream) return fault("text", stream.error());
        add(*std::move(stream));
    }
    lines.push_back({.what = kind::eof});
    return lines;
}

field_result<chunking> read_cuts(const std::string& how, const std::string& at) {
    chunking cuts;
    if (at.find_first_not_of(' ') == std::string::npos) return cuts;
    std::vector<std::uint64_t> numbers;
    for (auto number_text : split(at, ',')) {
        std::erase(number_text, ' ');
        const auto number = parse_size(number_text);
        if (!number) return fault("at", number.error());
        numbers.push_back(*number);
    }
    if (how == "splits" || how == "chunks") {
        if (numbers.size() > borders_max) {
            return fault("at", {fmt::format("at most {} numbers", borders_max)});
        }
        (how == "splits" ? cuts.splits : cuts.chunks) = std::move(numbers);
    } else if (numbers.size() == 1) {
        cuts.chunk = numbers.front();
    } else {
        return fault("at", {"one size for all chunks"});
    }
    return cuts;
}

field_result<wanted_walk> read_fields(const json_value& form) {
    std::map<std::string_view, std::string> fields;
    for (const auto* const name : {"framing", "service", "kind", "text", "cut", "at"}) {
        auto text = text_of(form, name);
        if (!text) return tl::unexpected(text.error());
        fields[name] = *std::move(text);
    }
    const auto* named = find_protocol(fields["framing"]);
    const auto& wording = named != nullptr ? *named : unnamed_protocol();
    const auto frames =
        framing::parse(named != nullptr ? wording.framing : std::string_view(fields["framing"]));
    if (!frames) return fault("framing", frames.error());
    const auto service = make_service(
        fields["service"].empty() ? wording.service : std::string_view(fields["service"]));
    if (!service) return fault("service", service.error());
    auto cuts = read_cuts(fields["cut"], fields["at"]);
    if (!cuts) return tl::unexpected(cuts.error());
    auto lines = read_text(*frames, fields["kind"], fields["text"]);
    if (!lines) return tl::unexpected(lines.error());
    return wanted_walk{{*frames, *std::move(lines)}, *std::move(cuts), *service};
}

}  // namespace

json_value first_form(const transcript& conversation, const chunking& cuts,
                      const protocol* named) {
    json_value form;
    form["framing"] = named != nullptr && named->framing == conversation.framing.spec()
                          ? std::string(named->name)
                          : conversation.framing.spec();
    form["service"] = "";
    fill_text(form, conversation);
    fill_cuts(form, conversation, cuts);
    form["protocols"] = json_value::list();
    for (const auto& one : protocol_table()) {
        form["protocols"].push_back(json_value::object(
            {{"name", one.name}, {"framing", one.framing}, {"service", one.service}}));
    }
    form["framings"] = json_value::list();
    for (const auto& row : framing_table()) form["framings"].push_back(row.example_spec);
    return form;
}

field_result<wanted_walk> read_form(std::string_view body) {
    const auto form = json_value::parse(body);
    if (!form || !form->is_object()) return fault("", {"a form is a JSON object"});
    return read_fields(*form);
}

}  // namespace framewire
