#include "framewire/codec/kept_message.hpp"

#include "spec_reader.hpp"

namespace framewire {
namespace {

result<void> parse_few(spec_reader& spec, std::string_view key, auto& into) {
    const auto word = spec.take(key);
    if (!word) return {};
    return spec.unescape(*word, into.bytes_max).map([&](const std::string& found) {
        into = std::remove_reference_t<decltype(into)>(found);
    });
}

result<void> parse_interleaved(spec_reader& spec, kept_rules& rules) {
    const auto word = spec.take("interleaved");
    if (!word) return {};
    return spec.unescape(*word, 1).map(
        [&](const std::string& found) { rules.interleaved = found.front(); });
}

result<kept_message> parse_kept(spec_reader& spec) {
    kept_rules rules;
    const auto without = spec.position("missing");
    const auto end = spec.position("end");
    auto fields = field_rules::parse(spec);
    if (!fields) return tl::unexpected(fields.error());
    rules.fields = *fields;
    auto done = parse_few(spec, "skip", rules.skip);
    if (done) done = parse_few(spec, "end", rules.end);
    if (done) done = parse_interleaved(spec, rules);
    if (!done) return tl::unexpected(done.error());
    if (rules.fields.without == field_rules::missing::is_end) {
        if (end == 0) return spec.refuse(without, "end=BYTE with 'missing=end'");
        if (rules.end.view().size() != 1) return spec.refuse(end, "one byte with 'missing=end'");
    }
    return kept_message{rules};
}

// Checks that these bytes may follow what was read.
tl::expected<void, errc> check(kept_scan& scan, bytes data, bool first) noexcept {
    if (first && scan.edges().skip.contains(data.front())) {
        return tl::unexpected(errc::frame_syntax);
    }
    if (scan.in_header()) {
        const auto header = scan.take_header(data, unknown_length - 1);
        if (header.error) return tl::unexpected(*header.error);
        data.remove_prefix(header.taken);
    }
    if (scan.in_header() || scan.take_body(data) == data.size()) return {};
    return tl::unexpected(scan.has_size() ? errc::frame_wrong_size : errc::frame_delimiter);
}

tl::expected<void, errc> check_end(const kept_scan& scan) noexcept {
    if (scan.in_header()) return tl::unexpected(errc::frame_syntax);
    if (scan.has_size() && !scan.complete()) return tl::unexpected(errc::frame_wrong_size);
    return {};
}

}  // namespace

result<kept_message::either> kept_message::parse(spec_reader& spec) {
    bool keeps = false;
    if (const auto fields = spec.take("fields")) {
        if (fields->text != "keep" && fields->text != "drop") {
            return spec.refuse(fields->position, "drop or keep");
        }
        keeps = fields->text == "keep";
    }
    if (keeps) return parse_kept(spec).map([](kept_message kept) { return either(kept); });
    return content_length::parse(spec).map([](content_length one) { return either(one); });
}

// A message that comes whole is read once, and without an allocation.
tl::expected<void, errc> kept_message::append(open_frame& frame, bytes data,
                                              std::string& out) const {
    if (data.empty()) return {};
    const bool is_whole = frame.bytes_written == 0 && data.size() == frame.announced;
    const auto* const before = std::static_pointer_cast<kept_scan>(frame.scanner).get();
    if (before == nullptr && frame.bytes_written > 0) {
        return tl::unexpected(errc::frame_wrong_size);
    }
    auto scan = before != nullptr ? *before : kept_scan(rules);
    if (auto done = check(scan, data, frame.bytes_written == 0); !done) return done;
    if (is_whole) {
        if (auto done = check_end(scan); !done) return done;
    } else {
        frame.scanner = std::make_shared<kept_scan>(scan);
    }
    out += data;
    return {};
}

tl::expected<void, errc> kept_message::finish(const open_frame& frame, std::string& out) const {
    if (frame.scanner != nullptr) {
        const auto scan = std::static_pointer_cast<kept_scan>(frame.scanner);
        if (auto done = check_end(*scan); !done) return done;
    } else if (frame.bytes_written == 0) {
        return tl::unexpected(errc::frame_syntax);
    }
    out += rules.end.view();
    return {};
}

frame_layout kept_message::describe() const {
    auto fields = rules.fields.describe();
    fields.is_in_payload = true;
    fields.ends_at_trailer = rules.fields.without == field_rules::missing::is_end;
    fields.interleaved = rules.interleaved;
    const auto end = rules.end.view();
    return {.length = length_layout{.written = notation::fields,
                                    .trailer_size = end.size(),
                                    .trailer = std::string(end),
                                    .fields = std::move(fields),
                                    .expectation = rules.fields.expectation()},
            .skip = std::string(rules.skip.view())};
}

}  // namespace framewire
