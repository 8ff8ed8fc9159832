#include "eventually.hpp"
#include "fake_connection.hpp"
#include "manual_executor.hpp"
#include "store/held_replies.hpp"
#include "store/nats_forwarder.hpp"
#include "store/nats_relay.hpp"
#include "store/store.hpp"
#include "store/store_spec.hpp"
#include "store_path.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace framewire::outbox_tests {
namespace {

using namespace std::chrono_literals;
using tests::calls;
using tests::eventually;
using tests::fake_connection;
using tests::manual_executor;
using tests::store_path;

/// A store whose messages are to be forwarded, and a peer of it.
struct outbox_trial {
    explicit outbox_trial(const std::string& name, store_retention keep = {}, bool holds = false)
        : at(name) {
        store_settings settings{.ack = *ack_text::parse("{offset}"),
                                .nack = *ack_text::parse("{error}"),
                                .keep = keep,
                                .outbox = outbox_rules{bytes_max}};
        if (holds) {
            settings.outbox->hold = [into = held](held_reply one) { into->hold(std::move(one)); };
        }
        opened = *store::open(at.text(), std::move(settings));
    }

    void append(const std::vector<std::string>& payloads) {
        store_request one{{}, {}, peer.defer()};
        for (const auto& payload : payloads) {
            one.payloads += payload;
            one.sizes.push_back(payload.size());
        }
        opened->append(std::move(one));
    }

    calls answers(std::size_t count) {
        calls all;
        EXPECT_TRUE(eventually([&] {
            loop->run();
            for (auto& one : peer.done()) all.push_back(std::move(one));
            return all.size() >= count;
        }));
        return all;
    }

    /// Waits until the thread of the store has nothing left to do.
    void settle() {
        std::promise<void> done;
        opened->run([&](store_file&) { done.set_value(); });
        done.get_future().wait();
    }

    void drop_until(std::uint64_t offset) {
        opened->run([offset](store_file& file) {
            EXPECT_TRUE(file.begin());
            EXPECT_TRUE(file.drop_until(offset));
            EXPECT_TRUE(file.commit());
        });
        settle();
    }

    store_path at;
    std::shared_ptr<manual_executor> loop = std::make_shared<manual_executor>();
    fake_connection peer{loop};
    std::shared_ptr<std::atomic<std::size_t>> bytes_max =
        std::make_shared<std::atomic<std::size_t>>(10);
    std::shared_ptr<held_replies> held = std::make_shared<held_replies>();
    std::shared_ptr<store> opened;
};

TEST(outbox, what_is_too_large_to_be_forwarded_is_refused) {
    outbox_trial trial("outbox_large");
    trial.append({"0123456789", "01234567890", "b"});
    EXPECT_EQ((calls{"answer 1 1 frame.too_large 2"}), trial.answers(1));
    *trial.bytes_max = 11;
    trial.append({"01234567890"});
    EXPECT_EQ((calls{"answer 2 3"}), trial.answers(1));
}

TEST(outbox, refuses_what_is_too_much_and_deletes_nothing) {
    outbox_trial trial("outbox_full", {.messages_max = 2});
    trial.append({"a", "b", "c"});
    EXPECT_EQ((calls{"answer 1 1 2 store.full"}), trial.answers(1));
    EXPECT_EQ(0U, trial.opened->statistics().trimmed);
    trial.drop_until(2);
    trial.append({"c", "d"});
    EXPECT_EQ((calls{"answer 2 3 store.full"}), trial.answers(1));
    EXPECT_EQ(2U, trial.opened->statistics().first);
}

TEST(outbox, a_size_is_a_bound_too) {
    outbox_trial trial("outbox_size", {.bytes_max = 64 * 1024});
    *trial.bytes_max = 1 << 20;
    trial.append({std::string(100'000, 'a')});
    EXPECT_EQ((calls{"answer 1 1"}), trial.answers(1));
    trial.append({"b"});
    EXPECT_EQ((calls{"answer 2 store.full"}), trial.answers(1));
    trial.drop_until(2);
    trial.append({"b"});
    EXPECT_EQ((calls{"answer 3 2"}), trial.answers(1));
}

TEST(outbox, offsets_go_on_when_all_is_deleted) {
    outbox_trial trial("outbox_empty");
    trial.append({"a", "b"});
    EXPECT_EQ(1U, trial.answers(1).size());
    trial.drop_until(3);
    trial.opened.reset();
    const auto file = store_file::open(trial.at.text(), true);
    ASSERT_TRUE(file);
    EXPECT_EQ(3U, file->first());
    EXPECT_EQ(3U, file->next());
}

TEST(outbox, replies_wait_for_what_is_stored_elsewhere) {
    outbox_trial trial("outbox_held", {}, true);
    trial.append({"a", "b"});
    trial.append({"c", "01234567890"});
    trial.append({"01234567890"});
    EXPECT_EQ((calls{"answer 3 frame.too_large"}), trial.answers(1));
    trial.settle();
    EXPECT_EQ(2U, trial.held->size());
    trial.held->give_until(1);
    EXPECT_EQ(2U, trial.held->size());
    trial.held->give_until(2);
    EXPECT_EQ((calls{"answer 1 1 2"}), trial.answers(1));
    trial.held->give_until(3);
    EXPECT_EQ((calls{"answer 2 3 frame.too_large"}), trial.answers(1));
    EXPECT_EQ(0U, trial.held->size());
}

TEST(outbox, a_reply_does_not_wait_for_what_is_there) {
    outbox_trial trial("outbox_late", {}, true);
    trial.held->give_until(2);
    trial.append({"a", "b"});
    EXPECT_EQ((calls{"answer 1 1 2"}), trial.answers(1));
}

TEST(nats_target, is_shown_without_passwords) {
    EXPECT_EQ("a,b:4222", nats_target::shown("user:s@crt@a,b:4222"));
}

std::string refusal(const std::string& spec) {
    const auto parsed = store_spec::parse("store:" + spec);
    return parsed ? "none" : parsed.error().words;
}

TEST(store_spec, names_a_stream) {
    const auto parsed = store_spec::parse(
        "store:nats://u:p@a:1,b/ORDERS,file=x,y.db,wait=replicated,replicas=3,linger=3m,ack=OK");
    ASSERT_TRUE(parsed) << parsed.error().words;
    ASSERT_TRUE(parsed->nats);
    EXPECT_EQ("u:p@a:1,b", parsed->nats->servers);
    EXPECT_EQ("ORDERS", parsed->nats->stream);
    EXPECT_EQ("x,y.db", parsed->path);
    EXPECT_TRUE(parsed->nats->waits_for_stream);
    EXPECT_EQ(3, parsed->nats->replicas);
    EXPECT_EQ(3min, parsed->nats->linger);
    EXPECT_EQ("OK", parsed->ack.text({}));
    EXPECT_EQ("ORDERS.db", store_spec::parse("store:nats://a/ORDERS")->path);
    EXPECT_FALSE(store_spec::parse("store:nats://a/ORDERS")->nats->waits_for_stream);
    EXPECT_EQ("a,wait=local", store_spec::parse("store:a,wait=local")->path);
    EXPECT_EQ("'nats://a/O.x' names no stream of a server", refusal("nats://u:p@a/O.x"));
    EXPECT_EQ("'6' is no number of replicas", refusal("nats://a/O,replicas=6"));
}

TEST(nats_relay_spec, names_a_subject) {
    const auto parsed = nats_relay_spec::parse("relay:nats://a,b/x.y,overflow=drop_oldest");
    ASSERT_TRUE(parsed) << parsed.error().words;
    EXPECT_EQ("a,b", parsed->servers);
    EXPECT_EQ("x.y", parsed->subject);
    EXPECT_EQ(overflow::drop_oldest, parsed->policy);
    EXPECT_FALSE(nats_relay_spec::parse("relay:nats://a/x.>"));
    EXPECT_FALSE(nats_relay_spec::parse("relay:nats://a/.x"));
    EXPECT_FALSE(nats_relay_spec::parse("relay:nats://a"));
}

}  // namespace
}  // namespace framewire::outbox_tests
