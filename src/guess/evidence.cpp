#include "evidence.hpp"

#include "codec/length_reading.hpp"
#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/codec/framing.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace framewire {
namespace {

// What speaks against a frame that says nothing: many framings find such ones anywhere.
constexpr double empty_frame = -3;
// What a grammar that checks all it reads is worth, for each frame.
constexpr double strict = 24;
// What a byte is worth that is computed from the others.
constexpr double checksum = 8;

struct frame_weight {
    double fixed = 0;   // what every frame has, at a place that is known
    double length = 0;  // what says where the frame ends
    bool is_empty = false;
    double own = 0;
};

class weighing {
public:
    weighing(const segmented_stream& stream, const surprise& expected)
        : stream_(stream), expected_(expected) {}

    evidence weigh(const stream_cut& cut, const frame_layout& layout, const frame_layout* first) {
        evidence all;
        for (const auto& frame : cut.frames) {
            const auto& its = first != nullptr ? *first : layout;
            first = nullptr;
            add(frame, its, all);
        }
        const bool is_all = cut.frames.size() == cut.count;
        all.segments = is_all ? stream_.ends.size() : next_end_;
        if (ends_only(layout)) all.bits -= std::min(chance_of_ends(all), std::max(all.bits, 0.0));
        all.ends_with_frame =
            !cut.frames.empty() && cut.decoded == stream_.data.size() && !cut.failure;
        return all;
    }

private:
    static bool ends_only(const frame_layout& layout) {
        return layout.own == grammar::none && layout.end.has_value();
    }

    // Of many ends of segments, some are at a delimiter by chance.
    static double chance_of_ends(const evidence& all) {
        const auto count = static_cast<double>(all.segments);
        const auto share = static_cast<double>(all.segments_ended) / std::max(count, 1.0);
        if (share <= 0 || share >= 1) return 0;
        return -count * (share * std::log2(share) + (1 - share) * std::log2(1 - share));
    }

    // How many bits it takes to say where the frame ends.
    double cost_of_end(const found_frame& frame) {
        while (next_end_ < stream_.ends.size() && stream_.ends[next_end_] <= frame.begin) {
            ++next_end_;
        }
        auto end = next_end_;
        while (end < stream_.ends.size() && stream_.ends[end] < frame.end) ++end;
        is_natural_ = end < stream_.ends.size() && stream_.ends[end] == frame.end;
        const bool is_last = end + 1 == stream_.ends.size();
        if (is_last && stream_.is_cut) is_natural_ = false;
        const auto size = static_cast<double>(frame.end - frame.begin);
        const auto passed = static_cast<double>(end - next_end_);
        return is_natural_ ? 1 + std::log2(1 + passed) : 2 + std::log2(1 + size);
    }

    void add(const found_frame& frame, const frame_layout& layout, evidence& all) {
        const auto cost = cost_of_end(frame);
        if (is_natural_) ++all.segments_ended;
        auto weight = weigh_frame(frame, layout);
        double bits = weight.length - cost;
        // That a delimiter comes somewhere is no news.
        if (ends_only(layout)) bits = is_natural_ ? std::max(bits, 0.0) : 0;
        if (weight.is_empty) bits = std::min(bits, 0.0) + empty_frame;
        all.bits += bits + weight.fixed + weight.own;
        all.fixed_bits += weight.fixed;
    }

    frame_weight weigh_frame(const found_frame& frame, const frame_layout& layout) const {
        if (layout.own != grammar::none) return weigh_own(frame, layout);
        if (layout.length) return weigh_announced(frame, *layout.length);
        return weigh_delimited(frame, layout);
    }

    frame_weight weigh_announced(const found_frame& frame, const length_layout& layout) const {
        if (layout.written == notation::fields) return weigh_fields(frame);
        if (layout.written == notation::none) return {};
        frame_weight weight;
        const auto input = stream_.data.substr(frame.begin, frame.end - frame.begin);
        weight.fixed = expected_.of(frame.begin, frame.begin + layout.magic.size());
        if (!layout.trailer.empty()) {
            weight.fixed += expected_.of(frame.end - layout.trailer.size(), frame.end);
        }
        const auto header = read_length(layout, input);
        const auto field = frame.begin + layout.offset;
        const auto end = header ? frame.begin + header->header_bytes : field + layout.width;
        weight.length = expected_.of(field, std::min(end, frame.end));
        // Bits that are not the length's are as free as the payload.
        if (layout.mask != length_layout::all_bits) weight.length -= 1;
        weight.is_empty = header && header->value == 0;
        return weight;
    }

    frame_weight weigh_fields(const found_frame& frame) const {
        const auto input = stream_.data.substr(frame.begin, frame.end - frame.begin);
        constexpr std::size_t looked_through = 4096;
        const auto head = input.substr(0, looked_through);
        const auto blank = std::min(head.find("\r\n\r\n"), head.find("\n\n"));
        if (blank == bytes::npos) return {};
        const auto field = head.substr(0, blank).find("ontent-");
        if (field == bytes::npos) return {.length = expected_.at(frame.begin + blank)};
        return {.length = strict + expected_.at(frame.begin + blank)};
    }

    frame_weight weigh_delimited(const found_frame& frame, const frame_layout& layout) const {
        frame_weight weight;
        weight.fixed = expected_.of(frame.begin, frame.begin + layout.start.size());
        auto mark = layout.end->mark();
        const auto input = stream_.data.substr(frame.begin, frame.end - frame.begin);
        if (layout.end->is_line_end() && !input.ends_with(mark)) mark = "\n";
        const auto first = frame.end - std::min(mark.size(), input.size());
        weight.length = expected_.of(first, frame.end);
        weight.is_empty = frame.payload_bytes == 0 && !layout.end->is_line_end();
        return weight;
    }

    frame_weight weigh_own(const found_frame& frame, const frame_layout& layout) const {
        const auto size = frame.end - frame.begin;
        const auto input = stream_.data.substr(frame.begin, size);
        const auto first = expected_.at(frame.begin);
        const auto last = expected_.at(frame.end - 1);
        const auto log_size = std::log2(1 + static_cast<double>(size));
        switch (layout.own) {
            case grammar::slip:
            case grammar::kiss:
            case grammar::hdlc: return weigh_stuffed(frame, 0);
            case grammar::jt808: return weigh_stuffed(frame, checksum);
            case grammar::telnet:
                return {.fixed = expected_.of(frame.end - 1, frame.end), .length = first};
            case grammar::cobs:
                return {.length = last + log_size - 1, .is_empty = frame.payload_bytes == 0};
            case grammar::dot: return {.fixed = 6, .length = expected_.at(frame.end - 1)};
            case grammar::ber: return weigh_ber(input, first);
            case grammar::json: return weigh_json(input);
            case grammar::msgpack: return weigh_msgpack(input);
            case grammar::resp:
                return {.length = expected_.of(frame.end - 2, frame.end),
                        .own = first - 4 + (input.front() == '*' ? 8 : 0)};
            case grammar::fix: return {.length = 2 * strict};
            case grammar::nats: return {.length = strict};
            case grammar::memcached:
            case grammar::beanstalkd:
                return {.length = expected_.of(frame.end - 2, frame.end) - 4};
            case grammar::syslog_any: return weigh_syslog(input, first, last);
            case grammar::netconf11: return {.length = 2 * strict};
            case grammar::chunked: return {.length = strict};
            case grammar::chunks: return weigh_chunks(frame, layout);
            default: return {};
        }
    }

    // Most messages are sequences, whose contents are values as well.
    frame_weight weigh_ber(bytes input, double first) const {
        constexpr double other_type = 6;
        constexpr char sequence = '0';
        frame_weight weight{.own = input.front() == sequence ? first - 1 : first - other_type};
        constexpr unsigned long_type = 0x1F;
        if ((static_cast<unsigned char>(input.front()) & long_type) == long_type) return {};
        const auto size = static_cast<unsigned char>(input.size() > 1 ? input[1] : 0);
        const std::size_t more = size > 0x80 ? size - 0x80U : 0;
        const auto begin = static_cast<std::size_t>(input.data() - stream_.data.data());
        weight.length = expected_.of(begin + 1, begin + std::min(2 + more, input.size()));
        weight.is_empty = size == 0;
        if (input.front() != sequence || input.size() <= 2 + more) return weight;
        static const auto values = framing::parse("ber");
        const auto inner = cut_stream(*values, input.substr(2 + more));
        const bool is_whole = !inner.failure && inner.announced == unknown_length &&
                              inner.decoded == input.size() - 2 - more;
        weight.own += is_whole ? 8 : -12;
        return weight;
    }

    // Many begin with the byte that ends them, too.
    frame_weight weigh_stuffed(const found_frame& frame, double checked) const {
        if (frame.payload_bytes == 0) return {};
        const auto last = expected_.at(frame.end - 1);
        const bool begins = stream_.data[frame.begin] == stream_.data[frame.end - 1];
        return {.fixed = begins ? last : 0, .length = last, .own = checked};
    }

    // An octet count or a line; a line without a priority is one, too, but of any program.
    static frame_weight weigh_syslog(bytes input, double first, double last) {
        constexpr double other_line = -6;
        const bool is_line = input.front() == '<';
        const bool is_count = bytes("123456789").find(input.front()) != bytes::npos;
        if (is_line) return {.length = last, .own = first - 2};
        return is_count ? frame_weight{.length = 2 * first} : frame_weight{.length = other_line};
    }

    static frame_weight weigh_json(bytes input) {
        constexpr std::size_t looked_through = 64;
        const bool is_object = input.front() == '{' || input.front() == '[';
        if (!is_object) return {.length = -4};
        const auto head = input.substr(0, looked_through);
        const auto marks = std::ranges::count_if(
            head, [](char byte) { return bytes("{}[]:,\"").find(byte) != bytes::npos; });
        return {.length = 2 + 2 * static_cast<double>(marks)};
    }

    frame_weight weigh_msgpack(bytes input) const {
        const auto first = static_cast<unsigned char>(input.front());
        const bool has_parts =
            (first >= 0x81 && first <= 0x9F && first != 0x90) || (first >= 0xDC && first <= 0xDF);
        const auto size = static_cast<double>(input.size());
        if (!has_parts || input.size() < 3) return {.length = -2};
        return {.length = 3 + 2 * std::log2(size)};
    }

    frame_weight weigh_chunks(const found_frame& frame, const frame_layout& layout) const {
        frame_weight weight;
        for (auto at = frame.begin; layout.length && at < frame.end;) {
            const auto header = read_length(*layout.length, stream_.data.substr(at));
            if (!header) break;
            weight.length += expected_.of(at, at + header->header_bytes);
            if (header->payload_left == 0) break;
            weight.length -= std::log2(1 + static_cast<double>(header->payload_left));
            at += header->header_bytes + static_cast<std::size_t>(header->payload_left);
        }
        weight.is_empty = frame.payload_bytes == 0;
        return weight;
    }

    const segmented_stream& stream_;
    const surprise& expected_;
    std::size_t next_end_ = 0;
    bool is_natural_ = false;
};

// True if its payloads can be nothing but text: what lines end with is anywhere in other bytes.
bool is_for_text(const frame_layout& layout) {
    if (layout.own != grammar::none) {
        return layout.own == grammar::dot || layout.own == grammar::memcached ||
               layout.own == grammar::beanstalkd || layout.own == grammar::syslog_any;
    }
    if (!layout.end || !layout.start.empty()) return false;
    const auto mark = layout.end->mark();
    return reads_as_text(mark) || mark == bytes("\0", 1);
}

// What contradicts: bytes of no frame, and lines that are no text.
double objections(const segmented_stream& stream, const stream_cut& cut,
                  const frame_layout& layout) {
    constexpr double failed = -6;
    constexpr double failed_at_once = -24;
    constexpr double unfinished = -4;
    constexpr double no_text = -4;
    constexpr double no_text_at_all = -60;
    double bits = 0;
    if (cut.failure) {
        bits += cut.count == 0 ? failed_at_once : failed;
    } else if (cut.decoded < stream.data.size() && !stream.is_cut) {
        bits += unfinished;
        if (cut.announced != unknown_length) {
            const auto left = static_cast<double>(stream.data.size() - cut.decoded);
            const auto more = static_cast<double>(cut.announced) / (1 + left);
            bits -= std::max(0.0, std::log2(1 + more));
        }
    }
    if (!is_for_text(layout)) return bits;
    constexpr double text = 3;
    constexpr double lines = 10;  // the most usual of all that is made of text
    const auto known = stream.data.substr(0, std::size_t{64} * 1024);
    const auto mark = layout.end ? layout.end->mark() : bytes();
    const auto others = std::ranges::count_if(known, [&](char byte) {
        return mark.find(byte) == bytes::npos && !reads_as_text(bytes(&byte, 1));
    });
    if (others == 0) return bits + (layout.end && layout.end->is_line_end() ? lines : text);
    return bits + std::max(no_text * static_cast<double>(others), no_text_at_all);
}

}  // namespace

evidence weigh(const segmented_stream& stream, const stream_cut& cut, const frame_layout& layout,
               const frame_layout* first, const surprise& expected) {
    auto all = weighing(stream, expected).weigh(cut, layout, first);
    // What it says of a tenth of a stream is no more than a tenth of what there is to say; but the
    // last frame of a capture may be long.
    const auto size = static_cast<double>(std::max<std::size_t>(stream.data.size(), 1));
    const auto share = static_cast<double>(cut.decoded) / size;
    if (all.bits > 0) all.bits *= cut.failure ? share : (1 + share) / 2;
    all.bits += objections(stream, cut, layout);
    return all;
}

}  // namespace framewire
