#include "coroutines.hpp"
#include "framewire/asio/listener.hpp"
#include "framewire/asio/run.hpp"
#include "framewire/asio/stream.hpp"
#include "raw_peer.hpp"
#include "recording_observer.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::stream_pieces_tests {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

constexpr std::size_t held_max = 64 * KiB;

stream_settings in_pieces() {
    return {.limits = {.assembled_bytes_max = held_max}, .mode = delivery::pieces};
}

awaitable<stream> connected(std::string where, stream_settings settings = in_pieces(),
                            std::string_view framing = "digits:10") {
    auto one = co_await stream::connect(where, framing, settings);
    if (!one) throw std::runtime_error(one.error().message());
    co_return std::move(*one);
}

template <class T>
void expect(const wire_result<T>& outcome) {
    EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().message());
}

// A payload from its pieces, or the error in its place; checks the marks and the lengths.
awaitable<std::string> payload_in_pieces(stream& one) {
    std::string payload;
    for (bool last = false; !last;) {
        const auto part = co_await one.receive_piece();
        if (!part) co_return part.error().message();
        EXPECT_EQ(part->first, payload.empty());
        payload += part->payload;
        last = part->last;
        EXPECT_GE(part->announced, payload.size());
        EXPECT_EQ(last, part->announced == payload.size());
    }
    co_return payload;
}

// What could have been lost or doubled would not fit any more.
char byte_at(std::size_t at) { return static_cast<char>(at * 7 + at / 251); }

std::string varied(std::size_t begin, std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) out[i] = byte_at(begin + i);
    return out;
}

awaitable<void> pause(milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

TEST(stream_pieces, are_one_frame) {
    raw_peer peer([](raw_socket& one) {
        EXPECT_EQ(one.receive_to_end().received, "0000000011Hello, you!0000000000");
    });
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        expect(one.begin(11));
        for (const bytes part : {"Hello", ", ", "", "you!"}) expect(co_await one.append(part));
        expect(co_await one.end());
        expect(one.begin(0));
        expect(co_await one.end());
    }});
    peer.finish();
}

TEST(stream_pieces, the_header_is_sent_with_the_first) {
    recording_observer observer;
    const running_server serving;
    run_together({[&]() -> awaitable<void> {
        auto settings = in_pieces();
        settings.observer = &observer;
        auto one = co_await connected(serving.local().text(), settings);
        expect(one.begin(5));
        expect(co_await one.append("Hello"));
        expect(co_await one.end());
    }});
    EXPECT_EQ(observer.lines(), (std::vector<std::string>{"opened 0", "sent 0 15"}));
}

TEST(stream_pieces, nothing_is_begun_that_cannot_be_framed) {
    const running_server serving({}, {.framing = "fixed:4"});
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(serving.local().text(), in_pieces(), "fixed:4");
        const auto begun = one.begin(5);
        EXPECT_TRUE(!begun && begun.error().code == errc::frame_wrong_size);
        expect(one.begin(4));
        expect(co_await one.append("four"));
        expect(co_await one.end());
        const auto reply = co_await payload_in_pieces(one);
        EXPECT_EQ(reply, "four");
    }});
    EXPECT_EQ(serving.statistics().bytes_received, 4U);
}

TEST(stream_pieces, that_are_no_frame_are_refused_and_reset_the_connection) {
    struct wrong {
        std::string_view framing;
        std::uint64_t announced;
        std::vector<bytes> parts;
        errc why;
    };
    const std::vector<wrong> all{
        {"digits:10", 5, {"Hell", "o!"}, errc::frame_wrong_size},
        {"digits:10", 5, {"Hell"}, errc::frame_wrong_size},
        {"digits:10,count=chars", 1, {"\xC3", "x"}, errc::frame_utf8},
        {"line", unknown_length, {"Hello", "\nyou"}, errc::frame_delimiter},
        {"delimiter:--", unknown_length, {"Hello-", "-you"}, errc::frame_delimiter},
        {"delimiter:--,max=4", unknown_length, {"Hel", "lo"}, errc::frame_too_large},
    };
    for (const auto& one : all) {
        raw_peer peer([](raw_socket& end) { EXPECT_EQ(end.receive_to_end().how, ending::reset); });
        run_together({[&]() -> awaitable<void> {
            auto to = co_await connected(peer.where(), in_pieces(), one.framing);
            expect(to.begin(one.announced));
            expect(co_await to.append(one.parts.front()));
            wire_result<void> refused;
            if (one.parts.size() > 1) {
                refused = co_await to.append(one.parts.back());
            } else {
                refused = co_await to.end();
            }
            EXPECT_TRUE(!refused && refused.error().code == one.why) << one.framing;
        }});
        peer.finish();
    }
}

TEST(stream_pieces, need_no_length_where_none_is_announced) {
    raw_peer peer([](raw_socket& one) {
        EXPECT_EQ(one.receive(9), "Hello you");
        one.send("ok\n");
        EXPECT_EQ(one.receive_to_end().received, "!\n");
    });
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where(), in_pieces(), "line");
        expect(one.begin(unknown_length));
        expect(co_await one.append("Hello"));
        expect(co_await one.append(" you"));
        const auto reply = co_await one.receive_piece();
        EXPECT_TRUE(reply && reply->payload == "ok");
        expect(co_await one.append("!"));
        expect(co_await one.end());
    }});
    peer.finish();
}

TEST(stream_pieces, payloads_within_the_limit_come_whole) {
    const running_server serving;
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(serving.local().text());
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, held_max}) {
            const auto sent = varied(0, size);
            expect(co_await one.send(sent));
            const auto part = co_await one.receive_piece();
            EXPECT_TRUE(part && part->whole() && part->payload == sent) << size;
        }
    }});
}

awaitable<void> send_frame(stream& one, std::size_t size) {
    expect(one.begin(size));
    for (std::size_t at = 0; at < size; at += held_max) {
        expect(co_await one.append(varied(at, std::min(held_max, size - at))));
    }
    expect(co_await one.end());
}

awaitable<void> receive_frame(stream& one, std::size_t size, std::uint64_t& memory) {
    for (std::size_t at = 0; at < size;) {
        const auto part = co_await one.receive_piece();
        if (!part) {
            ADD_FAILURE() << part.error().message();
            co_return;
        }
        const bool right = part->payload == varied(at, part->payload.size());
        EXPECT_TRUE(right) << "after " << at;
        EXPECT_EQ(part->first, at == 0);
        at += part->payload.size();
        EXPECT_EQ(part->last, at == size);
        memory = std::max(memory, resident_bytes());
    }
}

// The peer takes nothing while its answer is not taken.
TEST(stream_pieces, a_frame_passes_both_ways_at_once_in_bounded_memory) {
    using namespace boost::asio::experimental::awaitable_operators;
    constexpr std::size_t size = 64 * MiB;
    raw_peer peer(echo_everything);
    const auto before = resident_bytes();
    auto most = before;
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        co_await (send_frame(one, size) && receive_frame(one, size, most));
        const auto next = co_await one.request("next");
        EXPECT_TRUE(next && *next == "next");
    }});
    EXPECT_LT(most - before, 8 * MiB);
}

TEST(stream_pieces, a_larger_frame_than_allowed_is_refused_where_it_must_come_whole) {
    raw_peer peer([](raw_socket& one) { one.send("0000065537"); });
    run_together({[&]() -> awaitable<void> {
        const stream_settings whole{.limits = {.assembled_bytes_max = held_max}};
        auto one = co_await connected(peer.where(), whole);
        const auto refused = co_await one.receive_piece();
        EXPECT_TRUE(!refused && refused.error().code == errc::frame_too_large);
    }});
}

TEST(stream_pieces, a_part_of_a_frame_never_looks_whole) {
    for (const std::string_view framing : {"digits:10", "raw"}) {
        gate abandoned;
        raw_peer peer([&](raw_socket& one) {
            abandoned.pass();
            EXPECT_EQ(one.receive_to_end().how, ending::reset) << framing;
        });
        run_together({[&]() -> awaitable<void> {
            auto one = co_await connected(peer.where(), in_pieces(), framing);
            expect(one.begin(11));
            expect(co_await one.append("Hello"));
        }});
        abandoned.open();
        peer.finish();
    }
}

TEST(stream_pieces, of_a_listener_that_are_not_ended_reset_the_connection) {
    boost::asio::io_context loop;
    auto serving = listener::listen(loop.get_executor(), "127.0.0.1:0", "digits:10");
    ASSERT_TRUE(serving);
    raw_socket peer(serving->local());
    run(loop, [&]() -> awaitable<void> {
        auto one = co_await serving->accept();
        expect(one->begin(11));
        expect(co_await one->append("Hello"));
    }());
    EXPECT_EQ(peer.receive_to_end().how, ending::reset);
}

TEST(stream_pieces, a_frame_that_is_ended_is_no_reason_to_reset) {
    raw_peer peer([](raw_socket& one) {
        const auto words = one.receive_to_end();
        EXPECT_EQ(words.received, digits_frame("Hello"));
        EXPECT_EQ(words.how, ending::eof);
    });
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        expect(one.begin(5));
        expect(co_await one.append("Hello"));
        expect(co_await one.end());
    }});
    peer.finish();
}

TEST(stream_pieces, a_reply_that_moves_is_in_time) {
    raw_peer peer([](raw_socket& one) {
        one.send("0000000020");
        for (int i = 0; i < 20; ++i) {
            std::this_thread::sleep_for(milliseconds(50));
            one.send("x");
        }
    });
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where(), {.timeout = milliseconds(600)});
        const auto reply = co_await one.receive();
        EXPECT_TRUE(reply && *reply == std::string(20, 'x'));
    }});
}

TEST(stream_pieces, the_time_for_a_reply_runs_when_all_is_sent) {
    using namespace boost::asio::experimental::awaitable_operators;
    raw_peer peer([](raw_socket& one) {
        EXPECT_EQ(one.receive_to_end().received, digits_frame("HelloHello"));
    });
    run_together({[&]() -> awaitable<void> {
        auto settings = in_pieces();
        settings.timeout = milliseconds(100);
        auto one = co_await connected(peer.where(), settings);
        bool sent = false;
        const auto send_slowly = [&]() -> awaitable<void> {
            expect(one.begin(10));
            expect(co_await one.append("Hello"));
            co_await pause(milliseconds(300));
            expect(co_await one.append("Hello"));
            expect(co_await one.end());
            sent = true;
        };
        const auto receive = [&]() -> awaitable<void> {
            const auto none = co_await one.receive_piece();
            EXPECT_TRUE(!none && none.error().code == errc::io_timeout_reply);
            EXPECT_TRUE(sent);
        };
        co_await (send_slowly() && receive());
    }});
    peer.finish();
}

TEST(stream_pieces, what_came_in_time_counts_however_late_it_is_taken) {
    gate looked;
    raw_peer peer([&](raw_socket& one) {
        one.send("0000100000" + varied(0, 50'000));
        looked.pass();
        one.send(varied(50'000, 50'000));
    });
    run_together({[&]() -> awaitable<void> {
        auto settings = in_pieces();
        settings.limits.body_deadline = milliseconds(100);
        auto one = co_await connected(peer.where(), settings);
        std::string received;
        while (received.size() < 50'000) {
            const auto part = co_await one.receive_piece();
            if (!part) throw std::runtime_error(part.error().message());
            received += part->payload;
        }
        looked.open();
        // As a program that is stopped, or that waits for whoever reads its output.
        std::this_thread::sleep_for(milliseconds(200));
        while (received.size() < 100'000) {
            const auto part = co_await one.receive_piece();
            if (!part) throw std::runtime_error(part.error().message());
            received += part->payload;
        }
        EXPECT_TRUE(received == varied(0, 100'000));
    }});
}

TEST(stream_pieces, a_cancelled_wait_loses_nothing) {
    using namespace boost::asio::experimental::awaitable_operators;
    gate cancelled;
    raw_peer peer([&](raw_socket& one) {
        one.send("0000000010Hello");
        cancelled.pass();
        one.send("Hello");
    });
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        const auto first = co_await (one.receive_piece() || pause(milliseconds(50)));
        EXPECT_EQ(first.index(), 1U);
        cancelled.open();
        const auto reply = co_await payload_in_pieces(one);
        EXPECT_EQ(reply, "HelloHello");
    }});
}

}  // namespace
}  // namespace framewire::tests::stream_pieces_tests
