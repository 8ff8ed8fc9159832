#include "capture_file.hpp"

#include "byte_source.hpp"
#include "decompression.hpp"
#include "link_header.hpp"
#include "record_reader.hpp"
#include "segment.hpp"
#include "stream_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

namespace framewire {
namespace {

// Records that gave no segment.
struct left_out {
    std::uint64_t records = 0;
    std::uint64_t segments = 0;
    std::uint64_t malformed = 0;
    std::array<std::uint64_t, 6> reasons{};
    /// Those of links that are not read.
    std::set<int> links{};

    [[nodiscard]] std::vector<std::string> remarks(std::uint64_t fragments) const {
        const auto count = [&](no_segment why) {
            return reasons.at(static_cast<std::size_t>(why));
        };
        std::vector<std::string> out;
        const auto remark = [&](std::uint64_t number, std::string_view one,
                                std::string_view more) {
            if (number > 0) out.push_back(fmt::format("{} {}", number, number == 1 ? one : more));
        };
        remark(fragments, "IP fragment of TCP is left out: the others of its datagram are missing",
               "IP fragments of TCP are left out: others of their datagrams are missing");
        remark(count(no_segment::cut_header),
               "record is left out, because its TCP header was captured only in part",
               "records are left out, because their TCP headers were captured only in part");
        remark(malformed + count(no_segment::malformed),
               "record is left out, because its headers are malformed",
               "records are left out, because their headers are malformed");
        remark(count(no_segment::encrypted), "record is left out, because it is encrypted",
               "records are left out, because they are encrypted");
        remark(
            count(no_segment::unread),
            "record may carry TCP in what is not read: Wireshark may number streams otherwise",
            "records may carry TCP in what is not read: Wireshark may number streams otherwise");
        for (const auto link : links) out.push_back(fmt::format("link type {} is not read", link));
        if (segments == 0) out.push_back(fmt::format("no TCP; records: {}", records));
        return out;
    }
};

class capture_reader {
public:
    capture_reader(byte_source source, std::string name, const capture_options& options,
                   const piece_sink& sink)
        : records_(std::move(source)), name_(std::move(name)), table_(options, sink) {}

    result<capture> read_all() {
        if (const auto begun = records_.begin(); !begun) return refuse(begun.error());
        for (;;) {
            const auto record = records_.next();
            if (!record) return refuse(record.error());
            if (!*record) break;
            take(**record);
        }
        if (records_.is_cut() && left_out_.records == 0) {
            return refuse({"the file ends inside its first record"});
        }
        auto streams = table_.finish();
        auto remarks = left_out_.remarks(segments_.fragments_left_out());
        if (table_.left_out() > 0) {
            remarks.push_back(fmt::format("there are more than {} streams; segments left out: {}",
                                          streams.size(), table_.left_out()));
        }
        if (records_.is_cut()) {
            remarks.push_back(
                fmt::format("the file ends inside a record at byte {}; everything "
                            "before it was read",
                            records_.place()));
        }
        return capture{std::move(streams), std::move(remarks), left_out_.records};
    }

private:
    void take(const captured_record& record) {
        ++left_out_.records;
        const auto found = segments_.read(record);
        if (!found) {
            ++left_out_.reasons.at(static_cast<std::size_t>(found.error()));
            if (found.error() == no_segment::unread && !knows_link(record.link_type)) {
                constexpr std::size_t named_max = 8;
                if (left_out_.links.size() < named_max) left_out_.links.insert(record.link_type);
            }
            return;
        }
        ++(found->is_only_named ? left_out_.malformed : left_out_.segments);
        table_.take(*found, {record.time, left_out_.records});
    }

    [[nodiscard]] tl::unexpected<failure> refuse(const failure& why) const {
        const auto place = records_.place();
        return tl::unexpected(
            failure{fmt::format("cannot read {}{}: {}", name_,
                                place == 0 ? "" : fmt::format(" at byte {}", place), why.words),
                    why.hint});
    }

    record_reader records_;
    std::string name_;
    segment_reader segments_;
    stream_table table_;
    left_out left_out_;
};

// Calls `progress` each time that this many bytes were read.
byte_source reporting(byte_source from, std::uint64_t size,
                      const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    if (!progress) return from;
    return [from = std::move(from), size, &progress, read = std::uint64_t{0},
            reported = std::uint64_t{0}](std::span<char> into) mutable {
        auto some = from(into);
        if (!some) return some;
        read += *some;
        if (read - reported >= MiB || *some == 0) {
            reported = read;
            progress(read, size);
        }
        return some;
    };
}

}  // namespace

struct capture_file::state {
    std::string name;
    std::string content;
    std::optional<readable_file> file;

    [[nodiscard]] byte_source source() const { return file ? file->source() : source_of(content); }
    [[nodiscard]] std::uint64_t size() const { return file ? file->size() : content.size(); }
};

result<capture_file> capture_file::open(const std::string& path) {
    return readable_file::open(path).map([&](readable_file file) {
        return capture_file(std::make_shared<const state>(
            state{path == "-" ? "standard input" : path, {}, std::move(file)}));
    });
}

capture_file capture_file::of(std::string content, std::string name) {
    return capture_file(
        std::make_shared<const state>(state{std::move(name), std::move(content), std::nullopt}));
}

bool capture_file::is_capture() const {
    return record_reader(decompressed(state_->source())).begin().has_value();
}

result<std::string> capture_file::content(std::uint64_t size_max) const {
    const auto source = decompressed(state_->source());
    std::array<char, 16'384> buffer{};
    std::string all;
    for (;;) {
        const auto size = source(buffer);
        if (!size) return refuse_file(state_->name, size.error().words);
        if (*size == 0) return all;
        if (all.size() + *size > size_max) {
            return refuse_file(state_->name,
                               fmt::format("it is larger than {}", format_size(size_max)));
        }
        all.append(buffer.data(), *size);
    }
}

const std::string& capture_file::name() const noexcept { return state_->name; }

result<capture> capture_file::read(const capture_options& options, const piece_sink& sink) const {
    auto source = reporting(state_->source(), state_->size(), options.progress);
    return capture_reader(decompressed(std::move(source)), state_->name, options, sink).read_all();
}

}  // namespace framewire
