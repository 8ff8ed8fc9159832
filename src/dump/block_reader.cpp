#include "block_reader.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

// `*` must not turn a few lines into gigabytes.
constexpr std::uint64_t repeated_bytes_max = 64 * MiB;
// Tools print 16 or 32 bytes on a line, and up to 256 if they are told to.
constexpr std::uint64_t row_bytes_max = 4096;

}  // namespace

result<std::string> block_reader::read(const dump_block& block) {
    out_.clear();
    last_.clear();
    repeated_ = false;
    widest_ = 0;
    if (how_.what == notation::kind::character) {
        for (const auto& row : block.rows) {
            if (!row.offset.empty()) break;
            const auto units = read_row(row, how_, std::nullopt);
            if (units) widest_ = std::max(widest_, units->data.size());
        }
    }
    auto& end = ends_.at(static_cast<std::size_t>(block.from));
    has_begin_ = block.continues && end != 0;
    begin_ = has_begin_ ? end : 0;
    for (std::size_t at = 0; at < block.rows.size(); ++at) {
        if (const auto done = read_line(block, at); !done) return tl::unexpected(done.error());
    }
    if (repeated_) {
        return block.rows.back().line.object(0, "after * a line with an offset is missing");
    }
    if (block.size && out_.size() != *block.size) {
        const auto& line = block.rows.empty() ? text_line{} : block.rows.back().line;
        return line.object(
            0, fmt::format("{} bytes end here, and the text says {}", out_.size(), *block.size),
            "lines are missing");
    }
    end = next();
    return std::exchange(out_, {});
}

result<void> block_reader::read_line(const dump_block& block, std::size_t at) {
    const auto& row = block.rows[at];
    if (row.repeats) {
        if (last_.empty()) return row.line.refuse(row.line.begin(), "an offset and bytes first");
        repeated_ = true;
        return {};
    }
    const auto offset = offset_of(row);
    if (!row.offset.empty()) {
        if (!offset) {
            return row.line.refuse(row.line.begin(),
                                   base_ == 16 ? "an offset" : "an offset of that base");
        }
        if (!std::exchange(has_begin_, true)) begin_ = *offset;
        if (auto done = repeat_until(row, *offset); !done) return done;
        if (auto done = check_offset(row, *offset); !done) return done;
    }
    auto read = read_row(row, how_, size_of(block, at, offset));
    if (!read) return tl::unexpected(read.error());
    if (!read->data.empty()) {
        texts_ = texts_ && read->has_text;
        confirmed_ = confirmed_ || read->has_text;
    }
    if (how_.what == notation::kind::character && !read->has_text)
        add_lost_spaces(block, at, read->data);
    out_ += read->data;
    last_ = std::move(read->data);
    return {};
}

// Spaces at the end of a line got lost. Without offsets, only the last row may be short.
void block_reader::add_lost_spaces(const dump_block& block, std::size_t at,
                                   std::string& data) const {
    constexpr std::size_t usual = 16;
    const auto& row = block.rows[at];
    const bool is_last = at + 1 == block.rows.size();
    const auto size =
        row.offset.empty() && !is_last ? number(widest_) : size_of(block, at, offset_of(row));
    if (size && data.size() < *size && *size <= std::max(widest_, usual)) {
        data.resize(static_cast<std::size_t>(*size), ' ');
    }
}

block_reader::number block_reader::offset_of(const dump_row& row) const {
    return row.offset.empty() ? std::nullopt : parse_digits(row.offset, base_);
}

// What stands between an offset and the next.
block_reader::number block_reader::size_of(const dump_block& block, std::size_t at,
                                           number offset) const {
    if (at + 1 == block.rows.size()) {
        if (!block.size || *block.size < out_.size()) return std::nullopt;
        return *block.size - out_.size() <= row_bytes_max ? number(*block.size - out_.size())
                                                          : std::nullopt;
    }
    const auto& following = block.rows[at + 1];
    if (!offset || following.repeats || following.offset.empty()) return std::nullopt;
    const auto end = offset_of(following);
    if (!end || *end <= *offset || *end - *offset > row_bytes_max) return std::nullopt;
    return *end - *offset;
}

result<void> block_reader::repeat_until(const dump_row& row, std::uint64_t offset) {
    if (!std::exchange(repeated_, false)) return {};
    if (offset <= next() || next() < begin_) {
        return row.line.object(row.line.begin(), "* before it means no bytes");
    }
    const auto size = offset - next();
    if (size > repeated_bytes_max) {
        return row.line.object(row.line.begin(),
                               fmt::format("* before it means {} bytes, which is more than {}",
                                           size, format_size(repeated_bytes_max)));
    }
    if (last_.empty() || size % last_.size() != 0) {
        return row.line.object(row.line.begin(),
                               fmt::format("* before it means {} bytes, which is not a multiple "
                                           "of the line it repeats",
                                           size));
    }
    for (auto times = size / last_.size(); times > 0; --times) out_ += last_;
    return {};
}

result<void> block_reader::check_offset(const dump_row& row, std::uint64_t offset) {
    if (offset == next()) {
        confirmed_ = confirmed_ || !out_.empty();
        return {};
    }
    const auto words =
        base_ == 16 ? fmt::format(
                          "the offset {:08x} does not follow the line before it: expected "
                          "{:08x}",
                          offset, next())
                    : fmt::format("the offset {} does not follow the line before it", row.offset);
    return row.line.object(row.line.begin(), words, "lines are missing or out of order");
}

}  // namespace framewire
