#include "eventually.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <new>
#include <stdexcept>

namespace framewire::tests::service_exceptions_tests {
namespace {

// Throws when told to by the payload.
serving throwing() {
    return {.service = service_from([](bytes payload, outbox& replies) {
                if (payload == "runtime_error") throw std::runtime_error("on purpose");
                if (payload == "bad_alloc") throw std::bad_alloc();
                if (payload == "int") throw 42;
                (void)replies.reply(payload);
            })};
}

void expect_that_it_costs_only_its_connection(std::string_view what, errc why = errc::io_failed) {
    const running_server serving({}, throwing());
    auto good = serving.connect();
    EXPECT_EQ(good.request("before"), digits_frame("before"));
    for (int i = 0; i < 3; ++i) {
        auto bad = serving.connect();
        EXPECT_EQ(bad.request("before"), digits_frame("before"));
        bad.send(digits_frame(what));
        ASSERT_TRUE(bad.readable_within(std::chrono::seconds(2)))
            << "the connection is still open";
        EXPECT_EQ(bad.receive_to_end().received, "");
        EXPECT_EQ(good.request("after"), digits_frame("after"));
    }
    EXPECT_EQ(serving.failures(why), 3U);
    EXPECT_TRUE(serving.comes_to_have_open(1));
}

TEST(service_exceptions, standard) { expect_that_it_costs_only_its_connection("runtime_error"); }

TEST(service_exceptions, out_of_memory) {
    expect_that_it_costs_only_its_connection("bad_alloc", errc::limit_memory);
}

TEST(service_exceptions, of_another_type) { expect_that_it_costs_only_its_connection("int"); }

TEST(service_exceptions, of_the_factory) {
    std::atomic<int> made{0};
    const auto echoes = service_named("echo");
    const auto before = open_descriptors();
    {
        const running_server serving({}, {.service = [&] {
                                         if (made++ == 1)
                                             throw std::runtime_error("no service today");
                                         return echoes();
                                     }});
        auto good = serving.connect();
        EXPECT_EQ(good.request("before"), digits_frame("before"));
        EXPECT_TRUE(serving.connect().readable_within(std::chrono::seconds(2)));
        good.send(digits_frame("after"));
        ASSERT_TRUE(good.readable_within(std::chrono::seconds(2))) << "the server has ended";
        EXPECT_EQ(good.receive(15), digits_frame("after"));
        EXPECT_EQ(serving.connect().request("next"), digits_frame("next"));
        EXPECT_TRUE(serving.comes_to_have_open(1));
    }
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace framewire::tests::service_exceptions_tests
