#include "recent_messages.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::string_view request_name = "request";
constexpr std::string_view reply_name = "reply";

// Of a client that waits for no reply.
constexpr std::size_t unanswered_max = 1000;

std::int64_t milliseconds(std::chrono::system_clock::time_point at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

}  // namespace

void recent_messages::on(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<occurred::opened>(what)) return open(who);
    const auto found = conversations_.find(who.id);
    if (found == conversations_.end()) return;
    auto& one = found->second;
    std::visit(overloaded{[&](const occurred::received& it) {
                              add_piece(one, one.requests, it.payload,
                                        {.connection = who.id, .what = request_name});
                          },
                          [&](const occurred::sent_bytes& it) {
                              add_sent(one, one.replies, it.data,
                                       {.connection = who.id, .what = reply_name});
                          },
                          [&](const occurred::closed& it) { close(who.id, one, it.why); },
                          [](const auto&) {}},
               what);
}

void recent_messages::on_server(const peer& client, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    const auto found = conversations_.find(client.id);
    if (found == conversations_.end()) return;
    auto& one = found->second;
    std::visit(
        overloaded{
            [&](const occurred::received& it) {
                add_piece(one, one.from_server, it.payload,
                          {.connection = client.id, .what = reply_name, .is_server_side = true});
            },
            [&](const occurred::sent_bytes& it) {
                add_sent(one, one.to_server, it.data,
                         {.connection = client.id, .what = request_name, .is_server_side = true});
            },
            [](const auto&) {}},
        what);
}

void recent_messages::add_fault(const peer& client, end_of to, std::uint64_t message,
                                std::string_view what) {
    const std::lock_guard lock(mutex_);
    const auto found = conversations_.find(client.id);
    if (found != conversations_.end()) ++found->second.faults;
    add({.connection = client.id,
         .what = "fault",
         .message = message,
         .text = fmt::format("message {} to the {}: {}", message,
                             to == end_of::server ? "server" : "client", what)});
}

void recent_messages::add_server_error(const peer& client, std::string_view words) {
    const std::lock_guard lock(mutex_);
    const auto found = conversations_.find(client.id);
    if (found != conversations_.end()) ++found->second.errors;
    add({.connection = client.id,
         .what = "error",
         .is_server_side = true,
         .text = fmt::format("the server: {}", words)});
}

void recent_messages::open(const peer& who) {
    conversations_.insert_or_assign(who.id, conversation{.client = who.remote.text(),
                                                         .opened = clock::now(),
                                                         .requests = stream(client_),
                                                         .replies = stream(client_.replies()),
                                                         .to_server = stream(server_.replies()),
                                                         .from_server = stream(server_)});
    add({.connection = who.id, .what = "opened", .text = who.remote.text()});
    if (conversations_.size() <= conversations_max) return;
    const auto oldest = std::ranges::find_if(
        conversations_, [](const auto& one) { return one.second.closed.has_value(); });
    conversations_.erase(oldest == conversations_.end() ? conversations_.begin() : oldest);
    ++left_out_;
}

void recent_messages::close(std::uint64_t id, conversation& one, const close_reason& why) {
    one.closed = clock::now();
    one.unanswered.clear();
    if (why.error != nullptr) {
        ++one.errors;
        add({.connection = id, .what = "error", .text = why.error->message()});
    }
    add({.connection = id, .what = "closed", .text = one.client});
}

void recent_messages::add(entry one) {
    one.time = clock::now();
    entries_.push_back(std::move(one));
    ++added_;
    if (entries_.size() > messages_max) entries_.pop_front();
}

void recent_messages::add_piece(conversation& of, stream& in, const piece& data, entry so_far) {
    if (data.first) {
        in.beginning.clear();
        in.size = 0;
    }
    in.size += data.payload.size();
    in.beginning += data.payload.substr(0, shown_bytes_max - in.beginning.size());
    if (!data.last) return;
    so_far.message = ++in.messages;
    so_far.text = quote(in.beginning);
    so_far.size = in.size;
    if (!so_far.is_server_side) measure(of, so_far);
    add(std::move(so_far));
}

// What is sent may be wrong: a fault can see to that.
void recent_messages::add_sent(conversation& of, stream& in, bytes data, const entry& so_far) {
    while (!in.has_failed) {
        const auto found = in.decoder.next(data);
        if (found.what == step::piece) {
            add_piece(of, in, found.piece, so_far);
        } else if (found.what == step::need_more) {
            return;
        } else if (found.what == step::failed) {
            in.has_failed = true;
            ++of.errors;
            add({.connection = so_far.connection,
                 .what = "error",
                 .is_server_side = so_far.is_server_side,
                 .text = fmt::format("what the {} is sent: {}",
                                     so_far.is_server_side ? "server" : "client",
                                     in.decoder.current().failure().message())});
        }
    }
}

// A reply is that of the oldest request that has none.
void recent_messages::measure(conversation& of, entry& one) {
    const auto now = clock::now();
    if (one.what == request_name) {
        if (of.unanswered.size() < unanswered_max) of.unanswered.push_back(now);
    } else if (!of.unanswered.empty()) {
        one.latency =
            std::chrono::duration_cast<std::chrono::microseconds>(now - of.unanswered.front());
        of.unanswered.pop_front();
    }
}

json_value recent_messages::row_of(const entry& one) {
    auto row = json_value::object({{"time", milliseconds(one.time)},
                                   {"connection", one.connection},
                                   {"what", one.what},
                                   {"text", one.text}});
    if (one.is_server_side) row["side"] = "server";
    if (one.what == request_name || one.what == reply_name) {
        row["message"] = one.message;
        row["size"] = one.size;
    }
    if (one.latency) row["latency_us"] = one.latency->count();
    return row;
}

json_value recent_messages::row_of(std::uint64_t id, const conversation& one) {
    auto row = json_value::object({{"connection", id},
                                   {"client", one.client},
                                   {"opened", milliseconds(one.opened)},
                                   {"requests", one.requests.messages},
                                   {"replies", one.replies.messages},
                                   {"faults", one.faults},
                                   {"errors", one.errors}});
    if (one.closed) row["closed"] = milliseconds(*one.closed);
    return row;
}

json_value recent_messages::since(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto first = added_ - entries_.size();  // the number before the first entry's
    auto messages = json_value::list();
    for (auto at = std::max(number, first); at < added_; ++at) {
        messages.push_back(row_of(entries_[at - first]));
    }
    auto conversations = json_value::list();
    for (const auto& [id, one] : conversations_) conversations.push_back(row_of(id, one));
    return json_value::object({{"next", added_},
                               {"left_out", first},
                               {"conversations_left_out", left_out_},
                               {"conversations", std::move(conversations)},
                               {"messages", std::move(messages)}});
}

}  // namespace framewire
