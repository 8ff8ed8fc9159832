#include "store/store.hpp"

#include "eventually.hpp"
#include "fake_connection.hpp"
#include "manual_executor.hpp"
#include "running_server.hpp"
#include "store/replay_service.hpp"
#include "store/store_service.hpp"
#include "store/store_site.hpp"
#include "store/store_source.hpp"
#include "store_path.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace framewire::store_tests {
namespace {

using tests::calls;
using tests::eventually;
using tests::fake_connection;
using tests::manual_executor;
using tests::running_server;
using tests::serving;
using tests::store_path;

std::shared_ptr<store> opened(const store_path& at, store_settings settings = {}) {
    if (settings.ack.is_constant() && settings.ack.text({}).empty()) {
        settings.ack = *ack_text::parse("{offset}");
    }
    auto one = store::open(at.text(), std::move(settings));
    EXPECT_TRUE(one) << one.error().words;
    return std::move(*one);
}

store_request request(const std::vector<std::string>& payloads, deferred_reply reply) {
    store_request one{{}, {}, std::move(reply)};
    for (const auto& payload : payloads) {
        one.payloads += payload;
        one.sizes.push_back(payload.size());
    }
    return one;
}

calls answers(fake_connection& peer, manual_executor& loop, std::size_t count) {
    calls all;
    EXPECT_TRUE(eventually([&] {
        loop.run();
        for (auto& one : peer.done()) all.push_back(std::move(one));
        return all.size() >= count;
    }));
    return all;
}

TEST(store, acknowledges_what_is_stored) {
    const store_path at("acknowledges");
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    const auto into = opened(at);
    into->append(request({"a", "b"}, peer.defer()));
    into->append(request({"c"}, peer.defer()));
    EXPECT_EQ((calls{"answer 1 1 2", "answer 2 3"}), answers(peer, *loop, 2));
    const auto now = into->statistics();
    EXPECT_EQ(3U, now.stored);
    EXPECT_EQ(3U, now.stored_bytes);
    EXPECT_EQ(4U, now.next);
    EXPECT_EQ(0U, now.waiting);
    EXPECT_GE(now.commit_time.count(), 1U);
}

TEST(store, stores_what_waits_when_it_is_closed) {
    const store_path at("closed");
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    opened(at)->append(request({"a"}, peer.defer()));
    EXPECT_EQ((calls{"answer 1 1"}), answers(peer, *loop, 1));
    EXPECT_EQ(2U, opened(at)->statistics().next);
}

TEST(store, a_conflict_ends_the_connection_after_what_came_before) {
    const store_path at("conflict");
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    store_settings settings;
    settings.id = [](bytes payload) { return payload.substr(0, 1); };
    const auto into = opened(at, std::move(settings));
    into->append(request({"1a", "1a", "1b", "2"}, peer.defer()));
    EXPECT_EQ((calls{"answer 1 1 1", "store.conflict: "}), answers(peer, *loop, 2));
    EXPECT_EQ(1U, into->statistics().repeated);
    EXPECT_EQ(1U, into->statistics().refused.at(static_cast<std::size_t>(errc::store_conflict)));
    EXPECT_EQ(2U, into->statistics().stored);
}

TEST(store, a_conflict_has_a_reply_if_there_is_a_text_for_it) {
    const store_path at("nack");
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    store_settings settings;
    settings.id = [](bytes payload) { return payload.substr(0, 1); };
    settings.nack = *ack_text::parse("no {id} {error}");
    const auto into = opened(at, std::move(settings));
    into->append(request({"1a", "1b", "2"}, peer.defer()));
    EXPECT_EQ((calls{"answer 1 1 no 1 store.conflict 2"}), answers(peer, *loop, 1));
}

TEST(store, an_id_has_a_bound) {
    const store_path at("long_id");
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    store_settings settings;
    settings.id = [](bytes payload) { return payload; };
    settings.nack = *ack_text::parse("{error}");
    const auto into = opened(at, std::move(settings));
    into->append(request({std::string(1025, 'x'), std::string(1024, 'x')}, peer.defer()));
    EXPECT_EQ((calls{"answer 1 frame.syntax 1"}), answers(peer, *loop, 1));
}

TEST(store, runs_tasks_once_a_message_is_stored) {
    const store_path at("tasks");
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    const auto into = opened(at);
    std::atomic<std::uint64_t> later = 0;
    std::atomic<bool> now = false;
    into->when_stored(2, [&](store_file& file) { later = file.next(); });
    into->run([&](store_file&) { now = true; });
    EXPECT_TRUE(eventually([&] { return now.load(); }));
    EXPECT_EQ(0U, later);
    into->append(request({"a"}, peer.defer()));
    into->append(request({"b"}, peer.defer()));
    EXPECT_TRUE(eventually([&] { return later.load() == 3; }));
    EXPECT_EQ((calls{"answer 1 1", "answer 2 2"}), answers(peer, *loop, 2));
}

TEST(store, is_read_by_others_while_it_is_open) {
    const store_path at("readers");
    const auto into = opened(at);
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    into->append(request({"a"}, peer.defer()));
    auto site = store_site::start(at.text(), into);
    ASSERT_TRUE(site) << site.error().words;
    const auto reader = open_source(at.text());
    ASSERT_TRUE(reader);
    EXPECT_FALSE(reader->own);
    EXPECT_EQ("", reader->source->ask("wait 1").value());
    const auto records = reader->source->ask("read 1 1000").value();
    bytes left = records;
    stored_message one;
    ASSERT_TRUE(store_record::take(left, one));
    EXPECT_EQ("a", one.payload);
    EXPECT_FALSE(store_record::take(left, one));
    EXPECT_EQ("1 2", reader->source->ask("range").value().substr(0, 3));
    EXPECT_EQ("", reader->source->ask("confirm 1 us").value());
    EXPECT_EQ("1", reader->source->ask("confirmed us").value());
    EXPECT_EQ("2", reader->source->ask("find 9999999999999999").value());
    EXPECT_EQ(errc::store_failed, reader->source->ask("forget").error().code);
    EXPECT_EQ((calls{"answer 1 1"}), answers(peer, *loop, 1));
}

TEST(store_service, acknowledges_pipelined_messages_in_order) {
    const store_path at("service");
    const auto into = opened(at);
    const running_server server({}, serving{.framing = "u8", .service = [into] {
                                                return std::make_unique<store_service>(into, "bye",
                                                                                       "farewell");
                                            }});
    auto peer = server.connect();
    std::string sent;
    std::string expected;
    for (int i = 1; i <= 300; ++i) {
        sent += "\x01x";
        const auto number = std::to_string(i);
        expected += static_cast<char>(number.size()) + number;
    }
    peer.send(sent);
    EXPECT_EQ(expected, peer.receive(expected.size()));
    peer.send(
        "\x03"
        "bye\x01y");
    EXPECT_EQ(
        "\x08"
        "farewell",
        peer.receive_to_end().received);
    EXPECT_EQ(301U, into->statistics().next);
}

TEST(store_service, a_heartbeat_is_no_message) {
    const store_path at("idle");
    const auto into = opened(at);
    const running_server server(
        {}, serving{.framing = "u16be,idle=0",
                    .service = [into] { return std::make_unique<store_service>(into, "", ""); }});
    auto peer = server.connect();
    const std::string heartbeat(2, '\0');
    peer.send(heartbeat + std::string("\0\1x", 3));
    EXPECT_EQ(heartbeat + std::string("\0\0011", 3), peer.receive(5));
    EXPECT_EQ(2U, into->statistics().next);
}

TEST(replay_service, sends_what_is_stored_and_then_what_comes) {
    const store_path at("replayed");
    const auto into = opened(at);
    const auto loop = std::make_shared<manual_executor>();
    fake_connection peer(loop);
    into->append(request({"a", "b", "c"}, peer.defer()));
    const auto spec =
        std::make_shared<const replay_spec>(*replay_spec::parse("replay:x,prefix={offset}:"));
    const running_server server(
        {}, serving{.framing = "u8", .service = [source = source_of(into), spec] {
                        return std::make_unique<replay_service>(source, spec);
                    }});
    auto live = server.connect();
    live.send(
        "\x01"
        "2");
    EXPECT_EQ(
        "\x03"
        "2:b\x03"
        "3:c",
        live.receive(8));
    into->append(request({"d"}, peer.defer()));
    EXPECT_EQ(
        "\x03"
        "4:d",
        live.receive(4));

    auto whole = server.connect();
    whole.send(
        "\x05"
        "first");
    whole.send_end();
    EXPECT_EQ(
        "\x03"
        "1:a\x03"
        "2:b\x03"
        "3:c\x03"
        "4:d",
        whole.receive_to_end().received);

    auto consumer = server.connect();
    consumer.send(
        "\x0b"
        "consumer us\x06"
        "done 3");
    EXPECT_EQ(
        "\x03"
        "1:a",
        consumer.receive(4));
    EXPECT_TRUE(eventually([&] { return source_of(into)->ask("confirmed us").value() == "3"; }));
    auto again = server.connect();
    again.send(
        "\x0b"
        "consumer us");
    EXPECT_EQ(
        "\x03"
        "4:d",
        again.receive(4));

    auto wrong = server.connect();
    wrong.send("\x01?");
    EXPECT_EQ("", wrong.receive_to_end().received);
    EXPECT_EQ(1U, server.failures(errc::service_failed));
    EXPECT_EQ((calls{"answer 1 1 2 3", "answer 2 4"}), answers(peer, *loop, 2));
}

}  // namespace
}  // namespace framewire::store_tests
