#include "framewire/codec/framing.hpp"

#include "framewire/codec/framing_table.hpp"
#include "framewire/core/escapes.hpp"

#include "every_framing.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::framing_tests {
namespace {

using tests::framing_of;
using tests::read_whole;

TEST(framing, prints_back_as_itself) {
    for (const char* spec : {"digits:10",
                             "digits:1",
                             "digits:255",
                             "digits:64,pad=space",
                             "digits:10,pad=zero",
                             "digits:10,count=chars",
                             "digits:10,count=bytes",
                             "digits:4,pad=space,count=chars",
                             "digits:4,count=chars,pad=space",
                             "digits:10,max=64KiB",
                             "digits:10,max=0",
                             "digits:10,max=1MB,oversize=skip",
                             "digits:10,oversize=close",
                             "fixed:16",
                             "fixed:64KiB",
                             "fixed:16,max=16",
                             "raw",
                             "raw,max=4KiB",
                             "u8",
                             "u64le,offset=255,trailer=255",
                             R"(u16be,magic=\x03\x00,adjust=-4)",
                             "u32le,adjust=4294967296",
                             "u8,adjust=+0",
                             "varint,max=1MiB",
                             "netstring",
                             "octet-count,oversize=skip",
                             "line,max=0",
                             R"(delimiter:\,\\\r\n\t\0\x7f::)",
                             "delimiter:a,max=5",
                             "mllp",
                             "content-length",
                             "lsp,max=1MiB",
                             "tpkt",
                             "syslog,max=8KiB,oversize=skip"}) {
        const auto parsed = framing::parse(spec);
        ASSERT_TRUE(parsed) << spec << ": " << parsed.error().message();
        EXPECT_EQ(parsed->spec(), spec);
        EXPECT_EQ(framing_of(parsed->spec()).spec(), spec);
    }
}

TEST(framing, knows_what_it_announces) {
    for (const char* spec : {"digits:4", "fixed:4", "u8", "u64le", "tpkt", "varint", "netstring",
                             "octet-count", "content-length", "lsp"}) {
        EXPECT_TRUE(framing_of(spec).announces_length()) << spec;
    }
    for (const char* spec : {"raw", "line", "delimiter:x", "mllp"}) {
        EXPECT_FALSE(framing_of(spec).announces_length()) << spec;
    }
    for (const auto spec : tests::every_framing) {
        const bool chars = spec.find("count=chars") != std::string_view::npos;
        EXPECT_EQ(framing_of(spec).counts(), chars ? counting::in_characters : counting::in_bytes)
            << spec;
    }
    EXPECT_EQ(framing_of("digits:4,count=bytes").counts(), counting::in_bytes);
}

TEST(framing, knows_its_max_and_whether_it_is_raw) {
    EXPECT_EQ(framing_of("digits:10").payload_bytes_max(), std::nullopt);
    EXPECT_EQ(framing_of("digits:10,max=64KiB").payload_bytes_max(), 65'536U);
    EXPECT_EQ(framing_of("digits:10,max=0").payload_bytes_max(), 0U);
    EXPECT_TRUE(framing_of("raw").is_raw());
    for (const auto spec : tests::every_framing) {
        EXPECT_FALSE(framing_of(spec).is_raw()) << spec;
        const auto bounded = framing_of(std::string(spec) + ",max=64KiB");
        EXPECT_EQ(bounded.payload_bytes_max(), 65'536U) << spec;
        EXPECT_EQ(framing_of(spec).payload_bytes_max(), std::nullopt) << spec;
    }
}

TEST(framing, lets_pass_the_smaller_of_both_bounds) {
    const auto framing = framing_of("digits:1,max=4");
    EXPECT_EQ(read_whole(framing.decoder(), "4abcd").frames.size(), 1U);
    EXPECT_EQ(read_whole(framing.decoder(), "5abcde").error, errc::frame_too_large);
    EXPECT_EQ(read_whole(framing.decoder(3), "4abcd").error, errc::frame_too_large);
    EXPECT_EQ(read_whole(framing.decoder(9), "5abcde").error, errc::frame_too_large);
}

TEST(framing, encodes_up_to_its_own_max) {
    std::string out = "before ";
    EXPECT_TRUE(framing_of("digits:1,max=4").encode("abcd", out));
    EXPECT_EQ(out, "before 4abcd");
    const auto failed = framing_of("digits:1,max=4").encode("abcde", out);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), errc::frame_too_large);
    EXPECT_EQ(out, "before 4abcd");
}

TEST(framing, a_copy_is_the_same_framing) {
    const auto original = framing_of("digits:2,pad=space,max=7");
    const auto copy = original;  // NOLINT: the copy is what is tested
    std::string out;
    EXPECT_TRUE(copy.encode("Hello", out));
    EXPECT_EQ(out, "5 Hello");
    EXPECT_EQ(copy.spec(), original.spec());
    EXPECT_EQ(copy.payload_bytes_max(), 7U);
}

TEST(framing, lets_pass_the_smaller_of_both_bounds_whatever_it_is) {
    for (const auto spec : tests::every_framing) {
        std::string stream;
        ASSERT_TRUE(framing_of(spec).encode("0123456789abcdef", stream));
        const auto at_most = [&](const std::string& max, std::uint64_t allowed) {
            return read_whole(framing_of(std::string(spec) + max).decoder(allowed), stream);
        };
        for (const auto& good :
             {at_most(",max=16", 17), at_most("", 16), at_most(",max=17", 16)}) {
            EXPECT_EQ(good.frames.size(), 1U) << spec;
            EXPECT_FALSE(good.error) << spec;
        }
        for (const auto& bad : {at_most(",max=15", 17), at_most("", 15), at_most(",max=17", 15)}) {
            EXPECT_EQ(bad.error, errc::frame_too_large) << spec;
            EXPECT_EQ(bad.error_offset, 0U) << spec;
        }
    }
}

std::vector<std::string> names_of(const framing_row& row) {
    std::istringstream words{std::string(row.names)};
    return {std::istream_iterator<std::string>(words), {}};
}

TEST(framing_table, names_each_framing_once_and_shows_how_it_is_written) {
    std::set<std::string> seen;
    for (const auto& row : framing_table()) {
        for (const auto& name : names_of(row)) {
            EXPECT_TRUE(seen.insert(name).second) << name;
            EXPECT_NE(row.grammar.find(name), std::string_view::npos) << name;
        }
        EXPECT_TRUE(row.grammar.starts_with(names_of(row).front())) << row.names;
        EXPECT_TRUE(row.example_spec.find(names_of(row).front()) == 0 || names_of(row).size() > 1)
            << row.names;
    }
    for (const auto& name : framing_names()) {
        const bool is_framing = seen.contains(std::string(name)) && find_preset(name) == nullptr;
        EXPECT_TRUE(is_framing || seen.insert(std::string(name)).second) << name;
    }
    for (const auto& field : preset_fields()) {
        EXPECT_TRUE(seen.insert(std::string(field.name)).second) << field.name;
    }
}

bool is_tried(std::string_view name, std::string_view where) {
    bool found = false;
    tests::for_each_spec_line([&](const tests::spec_line& one) {
        const auto tried = one.spec.substr(0, one.spec.find_first_of(":,"));
        found = found || (tried == name && one.serves(where));
    });
    return found;
}

// `raw` has no frames, `eof` one. Not every payload has lines, as `dot` wants, and those of `fix`
// are no values.
TEST(framing_table, has_no_framing_that_the_specs_of_the_tests_forget) {
    for (const auto& row : framing_table()) {
        for (const auto& name : names_of(row)) {
            for (const char* where : {"differential", "fuzz"}) {
                EXPECT_TRUE(is_tried(name, where)) << name << ": " << where;
            }
            if (name == "raw" || name == "eof") continue;
            EXPECT_TRUE(is_tried(name, "cuts")) << name;
            const bool is_special = name == "dot" || name == "fix";
            EXPECT_TRUE(is_special || is_tried(name, "frames") || is_tried(name, "values"))
                << name;
        }
    }
}

TEST(framing_table, has_specs_that_can_be_parsed) {
    tests::for_each_spec_line([](const tests::spec_line& one) {
        EXPECT_TRUE(framing::parse(one.spec)) << one.spec;
        std::istringstream words{std::string(one.served)};
        for (std::string word; words >> word;) {
            EXPECT_TRUE(std::set<std::string>({"frames", "values", "cuts", "differential", "fuzz"})
                            .contains(word))
                << word;
        }
    });
}

TEST(framing_table, has_an_example_in_every_row_that_works) {
    for (const auto& row : framing_table()) {
        EXPECT_FALSE(row.meaning.empty());
        const auto framing = framing_of(row.example_spec);
        std::string out;
        ASSERT_TRUE(framing.encode(row.example_payload, out)) << row.names;
        const auto read = read_whole(framing.decoder(), out);
        ASSERT_EQ(read.frames.size(), 1U) << row.names;
        EXPECT_EQ(read.frames.front().payload, row.example_payload);
        EXPECT_FALSE(read.error);
    }
}

std::string unescaped(bytes text) {
    std::string payload;
    while (!text.empty()) EXPECT_TRUE(take_unescaped(text, payload)) << text;
    return payload;
}

// A preset writes and reads what its spec does.
TEST(framing_presets, are_the_specs_that_they_stand_for) {
    EXPECT_GT(framing_presets().size(), 150U);
    for (const auto& preset : framing_presets()) {
        EXPECT_FALSE(preset.meaning.empty() || preset.source.empty()) << preset.name;
        EXPECT_EQ(find_preset(preset.spec), nullptr) << preset.name;
        const auto named = framing_of(preset.name);
        EXPECT_EQ(named.spec(), preset.name);
        EXPECT_EQ(preset.first_example.empty(), named.first() == nullptr) << preset.name;
        std::string first;
        if (named.first() != nullptr) {
            const auto payload = unescaped(preset.first_example);
            EXPECT_TRUE(named.first()->encode(payload, first)) << preset.name;
        }
        if (preset.example.empty()) continue;
        const auto payload = unescaped(preset.example);
        std::string as_named;
        std::string as_spelt;
        ASSERT_TRUE(named.encode(payload, as_named)) << preset.name;
        ASSERT_TRUE(framing_of(preset.spec).encode(payload, as_spelt)) << preset.name;
        EXPECT_EQ(as_named, as_spelt) << preset.name;
    }
}

TEST(framing_presets, are_grouped_by_their_fields) {
    std::vector<std::string_view> seen;
    for (const auto& preset : framing_presets()) {
        if (seen.empty() || seen.back() != preset.field) seen.push_back(preset.field);
    }
    std::vector<std::string_view> fields;
    for (const auto& field : preset_fields()) fields.push_back(field.name);
    EXPECT_EQ(seen, fields);
}

TEST(framing_presets, have_other_names) {
    EXPECT_EQ(framing_of("hl7,max=5").payload_bytes_max(), 5U);
    EXPECT_EQ(find_preset("jsonl"), find_preset("ndjson"));
    EXPECT_EQ(find_preset("s7"), find_preset("tpkt"));
    EXPECT_EQ(find_preset("s7 mms"), nullptr);
    EXPECT_EQ(find_preset(""), nullptr);
    EXPECT_EQ(find_preset("u16be"), nullptr);
}

TEST(framing, says_why_it_cannot_carry_a_payload) {
    const auto refused = [](errc why, std::uint64_t size) {
        const auto error = framing_of("fixed:4").refusal(why, size);
        EXPECT_EQ(error.code, why);
        return error.words;
    };
    EXPECT_EQ(refused(errc::frame_wrong_size, 5),
              "a payload of 5 bytes cannot be framed by fixed:4");
    EXPECT_EQ(refused(errc::frame_wrong_size, unknown_length),
              "a payload cannot be framed by fixed:4");
    EXPECT_EQ(refused(errc::frame_utf8, 5),
              "a payload of 5 bytes is not UTF-8 and cannot be framed by fixed:4");
    EXPECT_EQ(refused(errc::frame_delimiter, unknown_length),
              "a payload contains the delimiter and cannot be framed by fixed:4");
}

TEST(framing_presets, take_the_options_of_their_framing) {
    std::string out;
    EXPECT_TRUE(framing_of("iso8583-ascii4,pad=space,max=5").encode("Hello", out));
    EXPECT_EQ(out, "5   Hello");
    EXPECT_FALSE(framing_of("iso8583-ascii4,pad=space,max=4").encode("Hello", out));
    EXPECT_TRUE(framing_of("tpkt,trailer=1").encode("hi", out = ""));
    EXPECT_EQ(out, std::string("\3\0\0\6hi\0", 7));
    EXPECT_EQ(framing_of("lsp,max=1MiB").payload_bytes_max(), 1'048'576U);
    EXPECT_FALSE(framing::parse("lsp,offset=1"));
    EXPECT_FALSE(framing::parse("tpkt,adjust=3"));
    EXPECT_FALSE(framing::parse("syslog:5"));
    EXPECT_FALSE(framing::parse("syslog "));
}

}  // namespace
}  // namespace framewire::framing_tests
