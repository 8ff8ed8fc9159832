#include "framewire/codec/framing.hpp"

#include "framewire/codec/framing_table.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "framing_names.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <type_traits>

namespace framewire {
namespace {

bool has_name(const framing_row& row, std::string_view name) {
    const auto names = fmt::format(" {} ", row.names);
    const bool is_one = name.find(' ') == std::string_view::npos;
    return is_one && names.find(fmt::format(" {} ", name)) != std::string::npos;
}

const framing_row* find_row(std::string_view name) {
    const auto table = framing_table();
    const auto found =
        std::ranges::find_if(table, [&](const auto& row) { return has_name(row, name); });
    return found == table.end() ? nullptr : &*found;
}

tl::unexpected<failure> refuse_name(const spec_reader& spec) {
    const auto name = spec.name().text;
    if (find_preset(name) != nullptr) {
        return spec.refuse(spec.argument().position, fmt::format("no value after '{}'", name));
    }
    return tl::unexpected(
        failure{fmt::format("unknown framing {}", quote(name)), meant_name(name)});
}

// Replaces a preset's name with its spec, and an alias with what it is.
std::string expand(std::string_view written) {
    const auto options = written.substr(std::min(written.find(','), written.size()));
    const auto* preset = find_preset(written.substr(0, written.size() - options.size()));
    auto spec =
        preset == nullptr ? std::string(written) : fmt::format("{}{}", preset->spec, options);
    using alias = std::pair<std::string_view, std::string_view>;
    const auto size = std::min(spec.find(','), spec.size());
    for (const auto& [name, meaning] :
         {alias{"netstring", R"(decimal::,end=\,)"}, {"octet-count", R"(decimal:\x20)"}}) {
        if (spec.compare(0, size, name) == 0) return spec.replace(0, size, meaning);
    }
    return spec;
}

// A spec in the option of another: `\,` is a comma, `\\` a backslash. Others are its own escapes.
std::string unescape_nested(std::string_view text) {
    std::string spec;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escapes = text[at] == '\\' && at + 1 < text.size() &&
                             (text[at + 1] == ',' || text[at + 1] == '\\');
        spec += text[escapes ? ++at : at];
    }
    return spec;
}

std::string escape_nested(std::string_view spec) {
    std::string text;
    for (std::size_t at = 0; at < spec.size(); ++at) {
        const bool last = at + 1 == spec.size();
        const bool is_escape =
            spec[at] == '\\' && (last || spec[at + 1] == ',' || spec[at + 1] == '\\');
        if (is_escape || spec[at] == ',') text += '\\';
        text += spec[at];
    }
    return text;
}

// Has the limits of the spec that it is in, where it has none of its own.
result<framing> parse_nested(std::string_view text, const framing& outer) {
    auto spec = unescape_nested(text);
    auto parsed = framing::parse(spec);
    const auto add = [&](const std::string& option) {
        auto more = framing::parse(fmt::format("{},{}", spec, option));
        if (!parsed || !more) return;
        spec = more->spec();
        parsed = std::move(more);
    };
    if (const auto max = outer.payload_bytes_max()) add(fmt::format("max={}", format_size(*max)));
    if (outer.beyond() == oversize::skip) add("oversize=skip");
    return parsed;
}

template <class C>
constexpr bool has_boundary = requires { &C::boundary; };
template <class C>
constexpr bool has_idle = requires { &C::encode_idle; };

bool counts_characters(const auto& codec) noexcept {
    if constexpr (requires { codec.counts(); }) return codec.counts() == counting::in_characters;
    return false;
}

// Checks that the data can follow in the frame.
template <class C>
tl::expected<void, errc> extend(const C& codec, open_frame& frame, bytes data) {
    if constexpr (has_boundary<C>) {
        const auto found = codec.boundary().find(data, {.matched = frame.matched});
        if (found.complete) return tl::unexpected(errc::frame_delimiter);
        frame.matched = found.matched;
    } else if (C::announces_length && counts_characters(codec)) {
        auto counter = frame.characters;
        const bool all_taken = counter.advance(data, frame.announced) == data.size();
        if (!counter.valid()) return tl::unexpected(errc::frame_utf8);
        if (!all_taken) return tl::unexpected(errc::frame_wrong_size);
        frame.characters = counter;
    } else if (C::announces_length && data.size() > frame.announced - frame.bytes_written) {
        return tl::unexpected(errc::frame_wrong_size);
    }
    return {};
}

// Appends data of a payload of which `written` bytes are in `out` already.
template <class C>
void append_payload(const C& codec, std::uint64_t announced, std::uint64_t written, bytes data,
                    std::string& out) {
    if constexpr (interrupting_codec<C>) {
        codec.write_payload(announced, written, data, out);
    } else {
        out += data;
    }
}

// Checks that the frame can end here.
template <class C>
tl::expected<void, errc> check_end(const C& codec, const open_frame& frame) {
    if constexpr (has_boundary<C>) {
        if (!codec.boundary().may_follow(frame.matched)) {
            return tl::unexpected(errc::frame_delimiter);
        }
    } else if (C::announces_length) {
        if (frame.characters.inside_character()) return tl::unexpected(errc::frame_utf8);
        const auto written =
            counts_characters(codec) ? frame.characters.characters() : frame.bytes_written;
        if (written != frame.announced) return tl::unexpected(errc::frame_wrong_size);
    }
    return {};
}

template <class C>
tl::expected<void, errc> append_to(const C& codec, open_frame& frame, bytes data,
                                   std::string& out) {
    if constexpr (transforming_codec<C>) {
        if (C::announces_length && data.size() > frame.announced - frame.bytes_written) {
            return tl::unexpected(errc::frame_wrong_size);
        }
        return codec.append(frame, data, out);
    } else {
        return extend(codec, frame, data).map([&] {
            append_payload(codec, frame.announced, frame.bytes_written, data, out);
        });
    }
}

template <class C>
tl::expected<void, errc> end_of(const C& codec, const open_frame& frame, std::string& out) {
    if constexpr (transforming_codec<C>) {
        if (C::announces_length && frame.bytes_written != frame.announced) {
            return tl::unexpected(errc::frame_wrong_size);
        }
        return codec.finish(frame, out);
    } else {
        return check_end(codec, frame).map([&] { codec.end(out); });
    }
}

// Appends payload and end; on failure `out` has only its first `begin` bytes.
template <transforming_codec C>
errc transform(const C& codec, bytes payload, std::uint64_t announced, std::size_t begin,
               std::string& out) {
    open_frame frame{.announced = announced};
    auto done = codec.append(frame, payload, out);
    frame.bytes_written = payload.size();
    if (done) done = codec.finish(frame, out);
    if (done) return {};
    out.resize(begin);
    return done.error();
}

// One function for each codec: a frame is encoded in one call, and nothing is handed from step to
// step. Returns no error as `errc{}`.
template <class C>
errc encode_as(const every_codec::any_codec& any, bytes payload, std::string& out) {
    const auto& codec = *std::get_if<C>(&any);
    const auto announced = measure_for(codec, payload);
    if (!announced) return announced.error();
    [[maybe_unused]] const auto size = out.size();
    if (const auto begun = begin_for(codec, *announced, out); !begun) return begun.error();
    if constexpr (copying_codec<C>) {
        append_payload(codec, *announced, 0, payload, out);
        codec.end(out);
        return {};
    } else {
        return transform(codec, payload, *announced, size, out);
    }
}

using encoder = errc (*)(const every_codec::any_codec&, bytes, std::string&);

template <class... Codecs>
constexpr auto encoders_of(std::type_identity<std::variant<Codecs...>> /*codecs*/) {
    return std::array<encoder, sizeof...(Codecs)>{encode_as<Codecs>...};
}

constexpr auto encoders = encoders_of(std::type_identity<every_codec::any_codec>{});

}  // namespace

// The framings of other frames of the stream, or of the other direction.
struct framing::other_framings {
    std::optional<framing> first{};
    std::optional<framing> reply{};
    std::optional<framing> own{};  // of this direction alone, with `first`, if there is a reply
};

result<framing> framing::parse(std::string_view spec) {
    const auto expanded = expand(spec);
    auto reader = spec_reader::split(expanded);
    if (!reader) return tl::unexpected(reader.error());
    const auto* const row = find_row(reader->name().text);
    if (row == nullptr) return refuse_name(*reader);
    auto parsed = row->parse(spec, *reader);
    if (!parsed) return parsed;
    if (const auto max = reader->take("max")) {
        const auto size = parse_size(max->text);
        const bool no_read = size && *size == 0 && parsed->is_raw();
        if (!size || no_read) return reader->refuse(max->position, "a size such as 64KiB");
        parsed->max_ = *size;
    }
    if (const auto beyond = reader->take("oversize")) {
        if (beyond->text != "close" && beyond->text != "skip") {
            return reader->refuse(beyond->position, "close or skip");
        }
        parsed->beyond_ = beyond->text == "close" ? oversize::close : oversize::skip;
    }
    if (auto taken = parsed->take_others(*reader, expanded); !taken) {
        return tl::unexpected(taken.error());
    }
    const bool argument_expected = row->grammar.find(':') != std::string_view::npos;
    if (auto rest = reader->finish(argument_expected); !rest) return tl::unexpected(rest.error());
    return parsed;
}

result<void> framing::take_others(spec_reader& reader, std::string_view spec) {
    const auto first = reader.take("first");
    const auto reply = reader.take("reply");
    if (!first && !reply) return {};
    auto others = std::make_shared<other_framings>();
    if (first) {
        auto parsed = parse_nested(first->text, *this);
        if (!parsed) return tl::unexpected(parsed.error());
        if (parsed->others_)
            return reader.refuse(first->position, "a framing without 'first' and 'reply'");
        // What one read returns is not the same each time.
        if (parsed->is_raw()) return reader.refuse(first->position, "a framing with frames");
        others->first = std::move(*parsed);
    }
    if (reply) {
        auto parsed = parse_nested(reply->text, *this);
        if (!parsed) return tl::unexpected(parsed.error());
        if (!parsed->is_symmetric()) {
            return reader.refuse(reply->position, "a framing without 'reply'");
        }
        others->reply = std::move(*parsed);
        constexpr std::string_view key = ",reply=";
        auto own = std::string(spec);
        own.erase(reply->position - key.size(), key.size() + reply->text.size());
        auto alone = parse(own);
        if (!alone) return tl::unexpected(alone.error());
        others->own = std::move(*alone);
    }
    others_ = std::move(others);
    return {};
}

const framing* framing::first() const noexcept {
    return others_ && others_->first ? &*others_->first : nullptr;
}

const framing& framing::replies() const noexcept {
    return others_ && others_->reply ? *others_->reply : *this;
}

const framing& framing::alone() const noexcept { return is_symmetric() ? *this : *others_->own; }

framing framing::with_reply(const framing& other) const {
    auto others = std::make_shared<other_framings>();
    if (const auto* const own_first = first()) others->first = *own_first;
    others->own = alone();
    others->reply = other.alone();
    auto both = alone();
    both.spec_ += fmt::format(",reply={}", escape_nested(others->reply->spec()));
    both.others_ = std::move(others);
    return both;
}

framing framing::reversed() const { return is_symmetric() ? *this : replies().with_reply(*this); }

bool framing::is_raw() const noexcept { return std::holds_alternative<raw>(codec_); }

bool framing::announces_length() const noexcept {
    return std::visit([](const auto& codec) { return codec.announces_length; }, codec_);
}

bool framing::is_canonical() const noexcept {
    return visit_inline(codec_, [](const auto& codec) { return codec.is_canonical(); });
}

counting framing::counts() const noexcept {
    const bool characters =
        std::visit([](const auto& codec) { return counts_characters(codec); }, codec_);
    return characters ? counting::in_characters : counting::in_bytes;
}

frame_layout framing::describe() const {
    return std::visit([](const auto& codec) { return codec.describe(); }, codec_);
}

wire_error framing::refusal(errc why, std::uint64_t size) const {
    const auto length = size == unknown_length ? std::string() : fmt::format(" of {} bytes", size);
    std::string_view fault;
    if (why == errc::frame_utf8) fault = " is not UTF-8 and";
    if (why == errc::frame_delimiter) fault = " contains the delimiter and";
    return {why, 0, fmt::format("a payload{}{} cannot be framed by {}", length, fault, spec_)};
}

std::string framing::describe_header(bytes header) const {
    return std::visit(
        [&]<class C>(const C& codec) {
            if constexpr (explained_codec<C>) return codec.describe_header(header);
            return std::string();
        },
        codec_);
}

class decoder framing::decoder(std::uint64_t payload_bytes_max,
                               std::uint64_t held_bytes_max) const {
    const auto most = std::min(payload_bytes_max, max_.value_or(unknown_length - 1));
    // Two bytes may begin anything, as a record of TLS: all that they can announce is believed.
    const auto trusted = std::max<std::uint64_t>(held_bytes_max, 64 * KiB);
    return std::visit(
        [&](const auto& codec) {
            return framewire::decoder(codec, {.payload_bytes_max = most,
                                              .trusted_bytes_max = max_ ? most : trusted,
                                              .beyond = beyond_,
                                              .pieces_can_be_dropped = most <= held_bytes_max});
        },
        codec_);
}

tl::expected<void, errc> framing::encode(bytes payload, std::string& out) const {
    // `raw` has no frames that could be too large; its `max` limits reads.
    if (max_ && payload.size() > *max_ && !is_raw()) return tl::unexpected(errc::frame_too_large);
    const auto refused = encoders[codec_.index()](codec_, payload, out);
    if (refused != errc{}) return tl::unexpected(refused);
    return {};
}

tl::expected<void, errc> framing::encode_idle(std::uint32_t field, std::string& out) const {
    const auto encode = [&]<class C>(const C& codec) -> tl::expected<void, errc> {
        if constexpr (has_idle<C>) return codec.encode_idle(field, out);
        return tl::unexpected(errc::frame_wrong_size);
    };
    return std::visit(encode, codec_);
}

tl::expected<open_frame, errc> framing::begin(std::uint64_t announced, std::string& out) const {
    const bool known = announced != unknown_length;
    if (!known && announces_length()) return tl::unexpected(errc::frame_wrong_size);
    if (known && max_ && announced > *max_ && !is_raw()) {
        return tl::unexpected(errc::frame_too_large);
    }
    return std::visit([&](const auto& codec) { return begin_for(codec, announced, out); }, codec_)
        .map([&] { return open_frame{.announced = announced}; });
}

tl::expected<void, errc> framing::append(open_frame& frame, bytes data, std::string& out) const {
    if (max_ && data.size() > *max_ - frame.bytes_written && !is_raw()) {
        return tl::unexpected(errc::frame_too_large);
    }
    return std::visit([&](const auto& codec) { return append_to(codec, frame, data, out); },
                      codec_)
        .map([&] { frame.bytes_written += data.size(); });
}

tl::expected<void, errc> framing::end(const open_frame& frame, std::string& out) const {
    return std::visit([&](const auto& codec) { return end_of(codec, frame, out); }, codec_);
}

}  // namespace framewire
