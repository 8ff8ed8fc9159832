#pragma once

#include "dump_block.hpp"
#include "forms.hpp"

#include <string_view>
#include <vector>

namespace framewire {

/// Collects the rows of a log, below lines that say whose bytes they are.
class traced_rows {
public:
    explicit traced_rows(std::string_view form) { found_.form = form; }

    /// The rows from here on are a new block. Returns it for what else is known.
    dump_block& begin(stream_side from);
    /// A row of the last block; the first begins one if there is none.
    void add(dump_row row);
    /// Ends the block: the rows after it belong to none, and are left out.
    void leave_out() noexcept { left_out_ = true; }
    [[nodiscard]] bool is_left_out() const noexcept { return left_out_; }
    /// Requires: `has_block()`.
    [[nodiscard]] dump_block& last() noexcept { return blocks_.back(); }
    [[nodiscard]] bool has_block() const noexcept { return !blocks_.empty(); }

    /// The first sender is the client.
    [[nodiscard]] stream_side side_of(std::string_view sender);
    void remark(std::string words) { found_.remarks.push_back(std::move(words)); }

    result<dump> read(const dump_options& options);

private:
    std::vector<dump_block> blocks_;
    dump found_;
    std::string client_;
    bool left_out_ = false;
};

/// The row of a form without offsets.
[[nodiscard]] dump_row bare_row(const text_line& line, std::size_t position);

}  // namespace framewire
