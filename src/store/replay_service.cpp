#include "replay_service.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <array>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t read_bytes = 128 * KiB;

}  // namespace

result<replay_spec> replay_spec::parse(std::string_view text) {
    constexpr std::array<std::string_view, 2> keys{",from=", ",prefix="};
    const auto next_option = [&](std::size_t from) {
        return std::min({text.find(keys[0], from), text.find(keys[1], from), text.size()});
    };
    replay_spec parsed;
    auto end = next_option(0);
    parsed.path = std::string(text.substr(name.size(), end - name.size()));
    if (parsed.path.empty()) {
        return tl::unexpected(failure{"the service replay has no file", "replay:FILE"});
    }
    while (end < text.size()) {
        const bool is_from = text.substr(end).starts_with(keys[0]);
        const auto begin = end + keys[is_from ? 0 : 1].size();
        end = next_option(begin);
        const auto value = text.substr(begin, end - begin);
        const auto read =
            is_from ? store_position::parse(value).map([&](auto&& at) { parsed.from = at; })
                    : ack_text::parse(value).map([&](auto&& words) { parsed.prefix = words; });
        if (!read) return tl::unexpected(read.error());
    }
    return parsed;
}

void replay_service::opened(const peer& /*who*/, outbox& replies) {
    self_ = replies.handle();
    if (spec_->from) begin(*spec_->from);
}

void replay_service::receive(const piece& message, outbox& replies) {
    constexpr std::string_view consumer = "consumer ";
    constexpr std::string_view done = "done ";
    const auto request = message.payload;
    if (request.starts_with(consumer)) return begin_as(request.substr(consumer.size()));
    if (request.starts_with(done)) return confirm(request.substr(done.size()), replies);
    const auto at = store_position::parse(request);
    if (!at) return refuse(replies, at.error().words);
    begin(*at);
}

// What is stored by then is sent first.
void replay_service::peer_ended(outbox& replies) {
    peer_ended_ = true;
    if (next_ == 0 || is_waiting_) replies.close();
}

// A reply that is owed and fails ends the connection with its words.
void replay_service::refuse(outbox& replies, std::string words) {
    replies.defer().fail(std::move(words));
}

// `then` is called on the loop's thread, unless the connection has ended by then.
void replay_service::ask(std::string request,
                         std::function<void(replay_service&, outbox&, std::string)> then) {
    source_->ask(std::move(request), [self = self_, service = this, generation = generation_,
                                      then = std::move(then)](store_result<std::string> text) {
        self.post([service, generation, then, text = std::move(text)](outbox& replies) {
            if (generation != service->generation_) return;
            if (!text) return service->refuse(replies, text.error().words);
            then(*service, replies, *text);
        });
    });
}

void replay_service::begin(const store_position& at) {
    ++generation_;
    records_.clear();
    sent_ = 0;
    is_waiting_ = false;
    next_ = 1;
    at.find(*source_, [self = self_, service = this,
                       generation = generation_](const store_result<std::uint64_t>& offset) {
        self.post([service, generation, offset](outbox& replies) {
            if (generation != service->generation_) return;
            if (!offset) return service->refuse(replies, offset.error().words);
            service->next_ = std::max<std::uint64_t>(*offset, 1);
            service->fetch();
        });
    });
}

void replay_service::begin_as(std::string_view consumer) {
    consumer_ = std::string(consumer);
    ++generation_;
    is_waiting_ = false;
    next_ = 1;
    ask("confirmed " + consumer_, [](replay_service& one, outbox& /*replies*/, std::string text) {
        const auto offset = parse_number(text);
        one.begin(offset ? store_position(*offset + 1) : store_position());
    });
}

void replay_service::confirm(std::string_view offset, outbox& replies) {
    const auto number = parse_number(offset);
    if (consumer_.empty()) return refuse(replies, "'done' without 'consumer NAME' before it");
    if (!number) return refuse(replies, fmt::format("'done {}' names no offset", offset));
    source_->ask(fmt::format("confirm {} {}", *number, consumer_),
                 [self = self_, service = this](const store_result<std::string>& done) {
                     if (done) return;
                     self.post([service, words = done.error().words](outbox& out) {
                         service->refuse(out, words);
                     });
                 });
}

void replay_service::fetch() {
    ask(fmt::format("read {} {}", next_, read_bytes),
        [](replay_service& one, outbox& replies, std::string records) {
            one.records_ = std::move(records);
            one.sent_ = 0;
            if (!one.records_.empty()) return one.send(replies);
            if (one.peer_ended_) return replies.close();
            one.wait();
        });
}

void replay_service::wait() {
    is_waiting_ = true;
    ask(fmt::format("wait {}", next_), [](replay_service& one, outbox& /*replies*/, std::string) {
        one.is_waiting_ = false;
        one.fetch();
    });
}

void replay_service::send(outbox& replies) {
    auto left = bytes(records_).substr(sent_);
    stored_message one;
    const bool had_some = !left.empty();
    while (!replies.full() && store_record::take(left, one)) {
        if (spec_->prefix) {
            auto text = spec_->prefix->text({.offset = one.offset, .id = one.id});
            (void)replies.reply(text.append(one.payload));
        } else {
            (void)replies.reply(one.payload);
        }
        next_ = one.offset + 1;
    }
    sent_ = records_.size() - left.size();
    if (left.empty() && had_some) fetch();
}

}  // namespace framewire
