#include "framewire/core/error.hpp"

#include <gtest/gtest.h>
#include <array>
#include <set>
#include <string>
#include <system_error>

namespace framewire::error_tests {
namespace {

// Logs, transcripts and other people's programs compare these; they are not to change.
constexpr std::array<std::string_view, errc_count> stable_names{"frame.length_syntax",
                                                                "frame.syntax",
                                                                "frame.too_large",
                                                                "frame.wrong_size",
                                                                "frame.truncated",
                                                                "frame.utf8",
                                                                "frame.delimiter",
                                                                "frame.flood",
                                                                "io.timeout_header",
                                                                "io.timeout_body",
                                                                "io.timeout_idle",
                                                                "io.timeout_write",
                                                                "io.timeout_reply",
                                                                "io.reset",
                                                                "io.closed",
                                                                "io.failed",
                                                                "limit.connections",
                                                                "limit.fd",
                                                                "limit.pushed",
                                                                "limit.requests",
                                                                "limit.address",
                                                                "limit.evicted",
                                                                "limit.memory",
                                                                "limit.drain",
                                                                "limit.denied",
                                                                "proxy.untrusted",
                                                                "proxy.missing",
                                                                "proxy.syntax",
                                                                "proxy.timeout",
                                                                "service.refused",
                                                                "service.timeout",
                                                                "service.unanswered",
                                                                "service.failed",
                                                                "service.outside_call",
                                                                "tls.handshake",
                                                                "tls.record",
                                                                "tls.plaintext",
                                                                "tls.truncated",
                                                                "tls.timeout",
                                                                "tls.certificate_expired",
                                                                "tls.certificate_unknown",
                                                                "tls.certificate_required",
                                                                "tls.name_mismatch",
                                                                "limit.handshakes",
                                                                "store.busy",
                                                                "store.full",
                                                                "store.readonly",
                                                                "store.failed",
                                                                "store.corrupt",
                                                                "store.conflict"};

TEST(error_name, is_stable) {
    for (std::size_t i = 0; i < errc_count; ++i) {
        EXPECT_EQ(error_name(static_cast<errc>(i + 1)), stable_names[i]);
    }
    EXPECT_EQ(error_name(errc::frame_length_syntax), "frame.length_syntax");
    EXPECT_EQ(error_name(errc::frame_too_large), "frame.too_large");
    EXPECT_EQ(error_name(errc::io_timeout_header), "io.timeout_header");
    EXPECT_EQ(error_name(errc::io_reset), "io.reset");
    EXPECT_EQ(error_name(errc::limit_fd), "limit.fd");
}

TEST(error_name, differs_for_every_code) {
    std::set<std::string_view> names;
    std::set<std::string> meanings;
    for (std::size_t i = 1; i <= errc_count; ++i) {
        names.insert(error_name(static_cast<errc>(i)));
        meanings.insert(error_category().message(static_cast<int>(i)));
    }
    EXPECT_EQ(names.size(), errc_count);
    EXPECT_EQ(meanings.size(), errc_count);
}

TEST(error_category, is_one_and_knows_its_codes) {
    const std::error_code code = errc::frame_utf8;
    EXPECT_EQ(code.category(), error_category());
    EXPECT_STREQ(error_category().name(), "framewire");
    EXPECT_EQ(code.message(), "the payload is not UTF-8");
    EXPECT_EQ(code, errc::frame_utf8);
    EXPECT_NE(code, errc::frame_syntax);
    EXPECT_NE(code, std::error_code(static_cast<int>(errc::frame_utf8), std::generic_category()));
    EXPECT_TRUE(std::error_code(errc::frame_length_syntax));
}

TEST(error_category, survives_a_number_that_is_no_code) {
    EXPECT_EQ(error_category().message(0), "unknown");
    EXPECT_EQ(error_category().message(-1), "unknown");
    EXPECT_EQ(error_category().message(static_cast<int>(errc_count) + 1), "unknown");
}

TEST(wire_error, prints_name_offset_and_words) {
    const wire_error error{errc::frame_length_syntax, 15, "\"+5\" where 2 digits were expected"};
    EXPECT_EQ(error.message(), "frame.length_syntax at 15: \"+5\" where 2 digits were expected");
}

TEST(wire_error, has_no_offset_where_nothing_came) {
    const wire_error error{errc::io_timeout_reply, 0, "no reply within 5s"};
    EXPECT_EQ(error.message(), "io.timeout_reply: no reply within 5s");
}

TEST(wire_error, says_what_the_code_means_where_it_has_no_words) {
    const wire_error error{errc::io_reset, 3, ""};
    EXPECT_EQ(error.message(), "io.reset at 3: the peer reset the connection");
}

}  // namespace
}  // namespace framewire::error_tests
