// No byte is read twice because a frame came in pieces. Reads are counted, not time: see
// counting.cpp.

#include "reads.hpp"

#include "every_framing.hpp"
#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {
namespace {

struct tested_stream {
    std::string spec;
    frames_made made;
};

// Sizes around those of words and samples; some payloads are full of near-delimiters.
std::vector<std::string> payloads(std::string_view spec) {
    if (spec.starts_with("fixed")) return {std::string(16, 'a'), std::string(16, '\n')};
    const bool text = spec.find("chars") != std::string_view::npos;
    random_bytes random(9);
    std::vector<std::string> all;
    for (const std::size_t size : {0U, 1U, 2U, 3U, 5U, 7U, 8U, 9U, 16U, 31U, 33U, 40U, 120U}) {
        all.emplace_back(size, 'x');
        std::string tricky;
        while (tricky.size() < size) {
            tricky += random.one_of(
                "abx\r\x1C\x0B\x02"
                ":");
            if (text && random.below(9) == 0) tricky += "\xC3\xA9\xE2\x82\xAC";
        }
        all.push_back(tricky);
    }
    return all;
}

read_counts count(const tested_stream& one, const std::vector<std::size_t>& ends) {
    read_counts counts;
    count_reads(one.made.stream, counts);
    const auto frames = decode(one.spec, one.made.stream, ends);
    stop_counting();
    EXPECT_EQ(frames, one.made.begins.size());
    EXPECT_EQ(counts.early_reads, 0U) << "a read beyond the piece";
    return counts;
}

std::vector<std::size_t> every(std::size_t size, std::size_t step) {
    std::vector<std::size_t> ends;
    for (auto end = step; end < size; end += step) ends.push_back(end);
    ends.push_back(size);
    return ends;
}

std::vector<std::size_t> anyhow(std::size_t size, random_bytes& random) {
    std::vector<std::size_t> ends;
    const auto most = 1 + random.below(random.below(2) == 0 ? 6 : 60);
    for (std::size_t end = 0; end < size;) {
        end = std::min(size, end + 1 + random.below(most));
        ends.push_back(end);
    }
    return ends;
}

// A framing whose decoder looks for marks in a payload of which it knows no length.
struct marked_framing {
    std::string_view spec;
    std::string_view marks;       ///< the bytes of which they are made
    std::size_t block = 0;        ///< a scan looks at so many bytes at once
    bool may_open_twice = false;  ///< a frame's first byte may be the mark before it once more
    unsigned searches = 1;        ///< one for each of two marks reads every byte of a payload
};

constexpr std::array marked_framings{
    marked_framing{.spec = "mllp", .marks = "\x0B\x1C\r\n", .searches = 2},
    marked_framing{.spec = "between:\\x02", .marks = "\x02\x03", .searches = 2},
    marked_framing{.spec = "between:<<", .marks = "<>", .searches = 2},
    marked_framing{"slip", "\xC0\xDB", 16, true},
    marked_framing{"kiss", "\xC0\xDB", 16, true},
    marked_framing{"hdlc", "\x7E\x7D", 16, true},
    marked_framing{"jt808", "\x7E\x7D", 16, true},
    marked_framing{"tn3270", "\xFF\xEF", 16},
    marked_framing{"delimiter:#,or=$", "#$"},
};

marked_framing marks_of(std::string_view spec) {
    for (const auto& one : marked_framings) {
        if (spec.starts_with(one.spec)) return one;
    }
    return {};
}

class reads : public testing::TestWithParam<std::string> {
protected:
    tested_stream one_{GetParam(), make_frames(GetParam().substr(0, GetParam().find(",max=")),
                                               payloads(GetParam()))};
    read_counts whole_ = count(one_, {one_.made.stream.size()});

    void expect_at_most(const read_counts& counts, const std::vector<unsigned>& most) const {
        for (std::size_t at = 0; at < most.size(); ++at) {
            ASSERT_LE(counts.reads[at], most[at])
                << "at " << at << ", " << place(at) << " in its frame";
        }
    }

    // Its offset in its frame.
    [[nodiscard]] std::size_t place(std::size_t at) const {
        const auto next = std::ranges::upper_bound(one_.made.begins, at);
        return at - *(next - 1);
    }
    [[nodiscard]] bool is_mark(std::size_t at) const {
        return marked_.marks.find(one_.made.stream[at]) != std::string_view::npos;
    }

    // How often the byte may be read if it comes alone. One that may belong to a mark is compared
    // with each mark where it lies, and so is one that comes where a mark may. The first byte of
    // `syslog-any` is compared with control characters and with digits, and is a digit then.
    [[nodiscard]] unsigned alone(std::size_t at) const {
        if (is_mark(at) || (GetParam().starts_with("syslog-any") && place(at) == 0)) return 3;
        return marked_.may_open_twice && place(at) == 1 ? 2 : marked_.searches;
    }

    // The same if it comes with others. Characters are read in words first, then one by one where
    // one is not ASCII. Where words begin depends on the pieces, but a byte is never in two of
    // them. Bytes are scanned for marks in blocks, and again one by one in the block that has a
    // mark; the next scan begins after it, in the same block. A mark that is not whole yet is
    // found by one scan and read by the next.
    [[nodiscard]] unsigned together(std::size_t at) const {
        if (GetParam().find("chars") != std::string::npos) return 2;
        if (marked_.block == 0) return alone(at);
        const auto before = marks_in(at - std::min(at, marked_.block), at);
        if (is_mark(at)) return 2 * alone(at) + 1 + before;
        const bool again = marks_in(at + 1, at + marked_.block) > 0;
        return alone(at) + before + (again ? 1 : 0);
    }
    [[nodiscard]] unsigned marks_in(std::size_t from, std::size_t to) const {
        unsigned marks = 0;
        for (auto at = from; at < std::min(to, one_.made.stream.size()); ++at) {
            marks += is_mark(at) ? 1U : 0U;
        }
        return marks;
    }

    const marked_framing marked_ = marks_of(GetParam());
};

TEST_P(reads, at_most_once_at_bytes_that_come_one_by_one) {
    const auto single = count(one_, every(one_.made.stream.size(), 1));
    std::vector<unsigned> allowed;
    for (std::size_t at = 0; at < one_.made.stream.size(); ++at) allowed.push_back(alone(at));
    expect_at_most(single, allowed);
}

TEST_P(reads, at_no_byte_more_often_because_it_came_in_pieces) {
    random_bytes random(11);
    read_counts most{std::vector<unsigned>(one_.made.stream.size())};
    for (int round = 0; round < 300; ++round) {
        const auto pieces = count(one_, anyhow(one_.made.stream.size(), random));
        std::ranges::transform(pieces.reads, most.reads, most.reads.begin(), std::ranges::max);
    }
    auto allowed = whole_.reads;
    for (std::size_t at = 0; at < allowed.size(); ++at) {
        allowed[at] = std::max(allowed[at], together(at));
    }
    expect_at_most(most, allowed);
}

// A decoder that reads frames in steps does not know at the first whether the rest is there: it
// has counted no characters yet, or a code or the length is a step of its own, or a frame that is
// to be skipped ends later.
bool copies_whole_frames(std::string_view spec) {
    if (spec.find("chars") != std::string_view::npos) return true;
    if (spec.starts_with("cobs") || spec.starts_with("syslog-any")) return true;
    const bool skips = spec.find("skip") != std::string_view::npos;
    return skips && (spec.starts_with("between") || spec.starts_with("mllp"));
}

// Nothing of a frame that comes whole is copied, and of another its first bytes, once.
TEST_P(reads, copies_the_beginning_of_a_frame_in_pieces_for_an_error_to_quote) {
    const auto& stream = one_.made.stream;
    // The mark that opens a frame may be the one before it: it is not kept.
    const std::size_t kept = marked_.may_open_twice ? 33 : 32;
    // A payload that is continued in the next frame has its beginning there again.
    const bool continues = GetParam().find("join=") != std::string::npos ||
                           GetParam().find("more=") != std::string::npos ||
                           GetParam().find("last=") != std::string::npos;
    const auto most = [&](std::size_t at) { return continues || place(at) < kept ? 1U : 0U; };
    for (std::size_t at = 0; at < stream.size(); ++at) {
        ASSERT_LE(whole_.copies[at], copies_whole_frames(GetParam()) ? most(at) : 0U) << at;
    }
    random_bytes random(12);
    for (int round = 0; round < 100; ++round) {
        const auto pieces = count(one_, anyhow(stream.size(), random));
        for (std::size_t at = 0; at < stream.size(); ++at) {
            ASSERT_LE(pieces.copies[at], most(at)) << at;
        }
    }
}

std::vector<std::string> specs() {
    std::vector<std::string> all(every_framing.begin(), every_framing.end());
    for (const auto spec : every_framing) {
        all.push_back(std::string(spec) + ",max=4,oversize=skip");
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(framings, reads, testing::ValuesIn(specs()));

TEST(read_counts, are_right) {
    const std::string stream = "0123456789";
    read_counts counts;
    count_reads(stream, counts);
    read_and_copy(stream, 4, 3);
    stop_counting();
    read_and_copy(stream, 4, 3);
    EXPECT_EQ(counts.reads, (std::vector<unsigned>{0, 0, 0, 0, 3, 0, 0, 0, 0, 0}));
    EXPECT_EQ(counts.copies, (std::vector<unsigned>{0, 0, 0, 0, 1, 1, 1, 0, 0, 0}));
    EXPECT_EQ(counts.early_reads, 0U);
    count_reads(stream, counts);
    make_visible(4);
    read_and_copy(stream, 4, 3);
    read_and_copy(stream, 3, 3);
    stop_counting();
    EXPECT_EQ(counts.early_reads, 3U);
}

// Searches, words and headers are counted too; otherwise all of the above would prove nothing.
TEST(read_counts, miss_nothing) {
    const auto counted = [](const std::string& spec, const std::string& payload) {
        const tested_stream one{spec, make_frames(spec, {payload, payload})};
        return count(one, {one.made.stream.size()}).reads;
    };
    for (const char* spec : {"line", "mllp", "delimiter:end", "digits:4,count=chars"}) {
        EXPECT_EQ(std::ranges::count(counted(spec, std::string(30, 'x')), 0U), 0) << spec;
    }
    for (const auto& [spec, header] : {std::pair{"digits:4", 4U},
                                       {"digits:12,pad=space", 12U},
                                       {"u16be", 2U},
                                       {"u32le", 4U},
                                       {"u64be", 8U},
                                       {"tpkt", 4U},
                                       {"varint", 1U},
                                       {"netstring", 3U},
                                       {"octet-count", 3U},
                                       {"lsp", 22U}}) {
        const auto all = counted(spec, std::string(30, 'x'));
        const auto second = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
        EXPECT_EQ(std::count(all.begin(), all.begin() + header, 0U), 0) << spec;
        EXPECT_EQ(std::count(second, second + header, 0U), 0) << spec;
    }
}

}  // namespace
}  // namespace framewire::tests
