#pragma once

#include "framewire/codec/digits.hpp"
#include "framewire/codec/fixed.hpp"
#include "framewire/codec/raw.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace framewire {

/// Reads frames of any framing; see `stream_decoder` for the contract.
class decoder {
public:
    template <stream_decoder D>
    explicit decoder(D one) : any_(std::move(one)) {}

    decoded next(bytes& input) {
        return std::visit([&](auto& one) { return one.next(input); }, any_);
    }
    [[nodiscard]] phase stands() const noexcept {
        return std::visit([](const auto& one) { return one.stands(); }, any_);
    }
    [[nodiscard]] std::uint64_t offset() const noexcept {
        return std::visit([](const auto& one) { return one.offset(); }, any_);
    }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept {
        return std::visit([](const auto& one) { return one.frame_offset(); }, any_);
    }
    [[nodiscard]] const wire_error& failure() const noexcept {
        return std::visit([](const auto& one) -> const wire_error& { return one.failure(); },
                          any_);
    }
    [[nodiscard]] wire_error truncation() const {
        return std::visit([](const auto& one) { return one.truncation(); }, any_);
    }

private:
    std::variant<digits::decoder_type, fixed::decoder_type, raw::decoder_type> any_;
};

static_assert(stream_decoder<decoder>);

/// Where frames begin and end in a byte stream, described in one word: `digits:10,count=chars`.
/// A value: copy it freely, and use one from any number of threads at once.
class framing {
public:
    /// Reads a spec. On failure the message names the position and what was expected there.
    static result<framing> parse(std::string_view spec);

    /// The spec as it was written.
    [[nodiscard]] const std::string& spec() const noexcept { return spec_; }
    /// The option `max`, in bytes, if it was given.
    [[nodiscard]] std::optional<std::uint64_t> payload_bytes_max() const noexcept { return max_; }
    /// True for `raw`: payload borders are those of reads and mean nothing.
    [[nodiscard]] bool is_raw() const noexcept;

    /// A decoder at the start of a stream that lets payloads pass up to the smaller of
    /// `payload_bytes_max` and the spec's own `max`.
    [[nodiscard]] class decoder decoder(std::uint64_t payload_bytes_max = unknown_length -
                                                                          1) const;

    /// Appends one frame to `out`. On failure (`frame.too_large`, `frame.wrong_size`,
    /// `frame.utf8`) `out` is as it was: no part of a frame is ever sent that cannot be sent
    /// whole.
    tl::expected<void, errc> encode(bytes payload, std::string& out) const;

    /// Appends the header of a frame whose payload, `announced` long as the framing counts, is
    /// then appended by the caller in pieces and closed with `end`.
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    void end(std::string& out) const;

private:
    using any_codec = std::variant<digits, fixed, raw>;

    framing(std::string spec, any_codec codec) : spec_(std::move(spec)), codec_(codec) {}

    std::string spec_;
    any_codec codec_;
    std::optional<std::uint64_t> max_;
    oversize beyond_ = oversize::close;

    friend struct framing_row;
};

/// One row of the table of framings, as `framewire framings` lists it.
struct framing_row {
    /// `digits`
    std::string_view name;
    /// `digits:W[,pad=zero|space][,count=bytes|chars]`
    std::string_view grammar;
    std::string_view meaning;
    /// A spec and a payload that show it.
    std::string_view example_spec;
    std::string_view example_payload;
    /// Reads what is special to this framing.
    result<framing> (*parse)(std::string_view text, spec_reader& spec);

    /// The row's `parse` for the codec `C`.
    template <class C>
    static result<framing> read(std::string_view text, spec_reader& spec) {
        return C::parse(spec).map([&](C codec) { return framing(std::string(text), codec); });
    }
};

/// Every framing there is, in the order of the documentation.
[[nodiscard]] std::span<const framing_row> framing_table() noexcept;

}  // namespace framewire
