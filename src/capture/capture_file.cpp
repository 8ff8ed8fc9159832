#include "capture_file.hpp"

#include "pcap_library.hpp"
#include "segment.hpp"
#include "stream_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace framewire {
namespace {

struct close_file {
    void operator()(std::FILE* file) const noexcept {
        if (file != stdin) std::fclose(file);
    }
};
using open_file = std::unique_ptr<std::FILE, close_file>;

// Requires: `open` has found it.
const pcap_library& library() { return *pcap_library::load(); }

struct close_capture {
    void operator()(pcap_t* capture) const noexcept { library().close(capture); }
};
using open_capture = std::unique_ptr<pcap_t, close_capture>;

// Records that gave no segment.
struct left_out {
    std::uint64_t records = 0;
    std::uint64_t segments = 0;
    std::array<std::uint64_t, 4> reasons{};

    [[nodiscard]] std::vector<std::string> remarks() const {
        const auto count = [&](no_segment why) {
            return reasons.at(static_cast<std::size_t>(why));
        };
        std::vector<std::string> out;
        const auto remark = [&](std::uint64_t number, std::string_view one,
                                std::string_view more) {
            if (number > 0) out.push_back(fmt::format("{} {}", number, number == 1 ? one : more));
        };
        remark(count(no_segment::fragment),
               "IP fragment of TCP is left out: fragments are not reassembled",
               "IP fragments of TCP are left out: fragments are not reassembled");
        remark(count(no_segment::cut_header),
               "record is left out, because its TCP header was captured only in part",
               "records are left out, because their TCP headers were captured only in part");
        remark(count(no_segment::malformed),
               "record is left out, because its headers are malformed",
               "records are left out, because their headers are malformed");
        if (segments == 0) out.push_back(fmt::format("no TCP; records: {}", records));
        return out;
    }
};

tl::unexpected<failure> refuse(const std::string& name, std::string_view where,
                               std::string_view why, std::string hint = {}) {
    return tl::unexpected(
        failure{fmt::format("cannot read {}{}: {}", name, where, why), std::move(hint)});
}

result<open_capture> open_pcap(open_file file, const std::string& name) {
    if (pcap_library::load() == nullptr) {
        return refuse(name, "", "libpcap is not installed", "on Debian, install libpcap0.8");
    }
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    open_capture opened(library().open(file.get(), PCAP_TSTAMP_PRECISION_NANO, why.data()));
    if (!opened) {
        return refuse(name, "", why.data(), "a capture is an uncompressed .pcap or .pcapng file");
    }
    static_cast<void>(file.release());  // pcap_close closes it
    const auto link_type = library().datalink(opened.get());
    if (!knows_link(link_type)) {
        const auto* link = library().datalink_name(link_type);
        return refuse(name, "",
                      fmt::format("its link type is {}", link != nullptr ? link : "unknown"),
                      "Ethernet, Linux cooked, raw IP and loopback can be read");
    }
    return opened;
}

class reader {
public:
    reader(open_capture file, std::string name, const capture_options& options,
           const piece_sink& sink)
        : file_(std::move(file)), name_(std::move(name)), table_(options, sink) {}

    result<capture> read_all() {
        for (;;) {
            record_at_ = std::ftell(library().file(file_.get()));
            pcap_pkthdr* header = nullptr;
            const u_char* data = nullptr;
            const auto outcome = library().next(file_.get(), &header, &data);
            if (outcome == PCAP_ERROR_BREAK) break;
            if (outcome != 1) {
                if (!ends_inside_a_record()) {
                    return refuse(name_, place(), library().error(file_.get()));
                }
                remarks_.push_back(fmt::format(
                    "the file ends inside a record{}; everything before it was read", place()));
                break;
            }
            take(*header, data);
        }
        auto streams = table_.finish();
        auto remarks = left_out_.remarks();
        if (table_.left_out() > 0) {
            remarks.push_back(fmt::format("there are more than {} streams; segments left out: {}",
                                          streams.size(), table_.left_out()));
        }
        remarks.insert(remarks.end(), remarks_.begin(), remarks_.end());
        return capture{std::move(streams), std::move(remarks), left_out_.records};
    }

private:
    void take(const pcap_pkthdr& header, const u_char* data) {
        ++left_out_.records;
        const captured_record record{bytes(reinterpret_cast<const char*>(data), header.caplen),
                                     header.len};
        const auto found = read_segment(record, library().datalink(file_.get()));
        if (!found) {
            ++left_out_.reasons.at(static_cast<std::size_t>(found.error()));
            return;
        }
        ++left_out_.segments;
        // Nanoseconds, as requested when the file was opened. Seconds are signed where the file's
        // are not.
        constexpr std::int64_t seconds_max = 0xFFFF'FFFF;
        const std::chrono::nanoseconds time =
            std::chrono::seconds(header.ts.tv_sec & seconds_max) +
            std::chrono::nanoseconds(header.ts.tv_usec);
        table_.take(*found, {std::chrono::system_clock::time_point(time), left_out_.records});
    }

    // A capture was interrupted, or is still being written.
    [[nodiscard]] bool ends_inside_a_record() const {
        return left_out_.records > 0 && std::feof(library().file(file_.get())) != 0;
    }

    [[nodiscard]] std::string place() const {
        return record_at_ < 0 ? "" : fmt::format(" at byte {}", record_at_);
    }

    open_capture file_;
    std::string name_;
    stream_table table_;
    left_out left_out_;
    std::vector<std::string> remarks_;
    long record_at_ = 0;
};

}  // namespace

struct capture_file::state {
    std::string content;
    std::string name;
};

result<capture_file> capture_file::open(const std::string& path) {
    const bool is_standard_input = path == "-";
    const std::string name = is_standard_input ? "standard input" : path;
    open_file file(is_standard_input ? stdin : std::fopen(path.c_str(), "rb"));
    if (!file) return refuse(name, "", system_words(errno));
    std::string content;
    std::array<char, 65'536> some{};
    for (;;) {
        const auto size = std::fread(some.data(), 1, some.size(), file.get());
        if (size == 0) break;
        content.append(some.data(), size);
    }
    if (std::ferror(file.get()) != 0) return refuse(name, "", system_words(errno));
    return of(std::move(content), name);
}

capture_file capture_file::of(std::string content, std::string name) {
    return capture_file(std::make_shared<const state>(state{std::move(content), std::move(name)}));
}

// The magic numbers of pcap, of both byte orders and resolutions, and of pcapng.
bool capture_file::is_capture() const {
    constexpr std::array<bytes, 7> magic{
        "\xA1\xB2\xC3\xD4", "\xD4\xC3\xB2\xA1", "\xA1\xB2\x3C\x4D", "\x4D\x3C\xB2\xA1",
        "\xA1\xB2\xCD\x34", "\x34\xCD\xB2\xA1", "\x0A\x0D\x0D\x0A"};
    return std::ranges::find(magic, bytes(state_->content).substr(0, 4)) != magic.end();
}

result<std::string> capture_file::content(std::uint64_t size_max) const {
    if (state_->content.size() <= size_max) return state_->content;
    return refuse(state_->name, "", fmt::format("it is larger than {}", format_size(size_max)));
}

const std::string& capture_file::name() const noexcept { return state_->name; }

result<capture> capture_file::read(const capture_options& options, const piece_sink& sink) const {
    // It is opened for reading, so nothing is written.
    auto* begin = const_cast<char*>(
        state_->content.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    open_file file(::fmemopen(begin, state_->content.size(), "rb"));
    if (!file) return refuse(state_->name, "", system_words(errno));
    return open_pcap(std::move(file), state_->name).and_then([&](open_capture opened) {
        return reader(std::move(opened), state_->name, options, sink).read_all();
    });
}

}  // namespace framewire
