#include "traced_rows.hpp"

#include <utility>

namespace framewire {

dump_block& traced_rows::begin(stream_side from) {
    left_out_ = false;
    return blocks_.emplace_back(dump_block{.from = from});
}

void traced_rows::add(dump_row row) {
    if (left_out_) return;
    if (blocks_.empty()) begin(stream_side::client);
    blocks_.back().rows.push_back(row);
}

stream_side traced_rows::side_of(std::string_view sender) {
    if (client_.empty()) client_ = sender;
    return client_ == sender ? stream_side::client : stream_side::server;
}

result<dump> traced_rows::read(const dump_options& options) {
    if (const auto done = read_blocks(blocks_, options, found_); !done) {
        return tl::unexpected(done.error());
    }
    return std::move(found_);
}

dump_row bare_row(const text_line& line, std::size_t position) {
    return {.line = line, .begin = position};
}

}  // namespace framewire
