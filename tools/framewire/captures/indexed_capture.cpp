#include "indexed_capture.hpp"

#include "cli/progress.hpp"

#include <unistd.h>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

capture_options options_for(progress& bar, std::optional<std::set<std::size_t>> streams) {
    capture_options options;
    options.streams = std::move(streams);
    options.progress = [&bar](std::uint64_t done, std::uint64_t total) {
        bar.show("read", done, total);
    };
    return options;
}

}  // namespace

result<void> read_pieces(const capture_file& file, std::optional<std::set<std::size_t>> streams,
                         const piece_sink& to) {
    // What is printed meanwhile would be torn by it.
    progress bar(::isatty(STDOUT_FILENO) == 0);
    auto read = file.read(options_for(bar, std::move(streams)), to);
    if (!read) return tl::unexpected(read.error());
    return {};
}

result<indexed_capture> index_capture(capture_file file) {
    progress bar(true);
    auto found = file.read(options_for(bar, std::nullopt), {});
    if (!found) return tl::unexpected(found.error());
    return indexed_capture{std::move(file), *std::move(found)};
}

transcript_line line_of(const captured_piece& piece) {
    const bool is_client = piece.from == stream_side::client;
    transcript_line line{.what = kind::eof,
                         .time = piece.time,
                         .way = is_client ? direction::received : direction::sent,
                         .record = piece.packet};
    switch (piece.what) {
        case captured_piece::kind::data:
            line.what = is_client ? kind::from_peer : kind::to_peer;
            line.text = piece.data;
            break;
        case captured_piece::kind::gap:
            line.what = kind::gap;
            line.missing = piece.missing;
            break;
        case captured_piece::kind::reset: line.what = kind::reset; break;
        case captured_piece::kind::fin: break;
    }
    return line;
}

}  // namespace framewire
