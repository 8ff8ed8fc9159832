#include "transport/transport_output.hpp"

#include "masking_transport.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <string>

namespace framewire::tests::transport_output_tests {
namespace {

masking_transport established() {
    masking_transport one;
    std::string stream;
    EXPECT_TRUE(one.receive(masking_transport::hello, stream));
    return one;
}

TEST(transport_output, gives_nothing_before_the_transport_is_established) {
    masking_transport line;
    transport_output output(line);
    EXPECT_EQ(*output.next("Hello"), masking_transport::hello);
    EXPECT_EQ(output.sent(masking_transport::hello.size()), 0U);
    EXPECT_EQ(*output.next("Hello"), "");
}

TEST(transport_output, sends_what_is_left_of_a_handshake_with_the_stream) {
    auto line = established();
    transport_output output(line);
    EXPECT_EQ(*output.next("Hello"), masked("Hello", false));
}

TEST(transport_output, gives_a_stream_once_however_little_the_wire_takes) {
    const std::string stream = "Hello, world!";
    for (std::size_t step = 1; step <= stream.size() + 1; ++step) {
        auto line = established();
        transport_output output(line);
        std::string left = stream;
        std::string wire;
        while (true) {
            const auto next = output.next(left);
            ASSERT_TRUE(next);
            if (next->empty()) break;
            const auto size = std::min(step, next->size());
            wire += next->substr(0, size);
            const bool was_all = size == next->size();
            left.erase(0, output.sent(size));
            EXPECT_EQ(left.empty(), was_all) << "the last byte counts when all is sent";
        }
        EXPECT_EQ(wire, masked(stream, false));
    }
}

TEST(transport_output, any_progress_counts) {
    auto line = established();
    transport_output output(line);
    (void)output.next("0123456789");
    EXPECT_EQ(output.sent(4), 4U);
    EXPECT_EQ(output.sent(12), 5U);
    EXPECT_EQ(output.sent(1), 1U);
}

TEST(transport_output, passes_a_bounded_piece_at_once) {
    auto line = established();
    line.sent(line.output().size());
    transport_output output(line);
    const std::string stream(transport_output::chunk_max * 2 + 1, 'x');
    EXPECT_EQ(output.next(stream)->size(), transport_output::chunk_max);
    EXPECT_EQ(output.sent(transport_output::chunk_max), transport_output::chunk_max);
}

TEST(transport_output, reports_what_cannot_be_sent) {
    auto line = established();
    transport_output output(line);
    const auto next = output.next(std::string(1, static_cast<char>(~masking_transport::end_mark)));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().words, "cannot be masked");
}

}  // namespace
}  // namespace framewire::tests::transport_output_tests
