#pragma once

#include "dump_block.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// Reads blocks in one notation, with offsets of one base.
class block_reader {
public:
    block_reader(const notation& how, int base) : how_(how), base_(base) {}

    /// The bytes of the next block.
    result<std::string> read(const dump_block& block);

    /// True if an offset after the first of a block was that of its bytes, or a text confirmed
    /// the bytes.
    [[nodiscard]] bool is_confirmed() const noexcept { return confirmed_; }
    /// True if every row with units also had a text that fits.
    [[nodiscard]] bool has_texts() const noexcept { return texts_ && confirmed_; }

private:
    using number = std::optional<std::uint64_t>;

    result<void> read_line(const dump_block& block, std::size_t at);
    result<void> repeat_until(const dump_row& row, std::uint64_t offset);
    result<void> check_offset(const dump_row& row, std::uint64_t offset);
    [[nodiscard]] number size_of(const dump_block& block, std::size_t at, number offset) const;
    void add_lost_spaces(const dump_block& block, std::size_t at, std::string& data) const;
    [[nodiscard]] number offset_of(const dump_row& row) const;
    [[nodiscard]] std::uint64_t next() const { return begin_ + out_.size(); }

    notation how_;
    int base_;
    std::array<std::uint64_t, 2> ends_{};
    std::uint64_t begin_ = 0;
    bool has_begin_ = false;
    std::string out_;
    std::string last_;
    std::size_t widest_ = 0;  // of the rows of characters
    bool repeated_ = false;
    bool confirmed_ = false;
    bool texts_ = true;
};

}  // namespace framewire
