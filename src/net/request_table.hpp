#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/time.hpp"
#include "reply_callback.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace framewire {

/// The requests of a client that wait: for a connection, or for their replies. Says which request
/// a payload answers. No I/O, no clock, no thread.
class request_table {
public:
    struct request {
        std::string id;  // empty if replies come in order
        time_point deadline = time_point::max();
        reply_callback then;
    };
    struct unsent_request {
        std::string payload;
        request rest;
        bool expects_reply = true;
    };

    /// `by_id`: replies are matched by id; otherwise they come in the order of the requests.
    request_table(bool by_id, std::size_t requests_max)
        : by_id_(by_id), requests_max_(requests_max) {}

    /// True while no further request may be added. Without ids, requests that are over count until
    /// their replies have come, as these come first.
    [[nodiscard]] bool full() const noexcept {
        return sent_.size() + unsent_.size() >= requests_max_;
    }
    /// How many wait for a reply, without those that are over.
    [[nodiscard]] std::size_t waiting() const noexcept { return sent_.size() - late_; }
    [[nodiscard]] bool has_unsent() const noexcept { return !unsent_.empty(); }

    /// A request that was sent. Requires: nothing is unsent.
    void add(request one);
    /// A request that waits until it can be sent.
    void add(unsent_request one);
    /// Takes out the oldest one that waits to be sent.
    [[nodiscard]] std::optional<unsent_request> take_unsent();

    /// What a payload is.
    enum class found : std::uint8_t {
        reply,    ///< the reply to a request, which is taken out
        late,     ///< the reply to a request that is over
        unasked,  ///< no reply at all
    };
    struct match {
        found what = found::unasked;
        reply_callback then{};  // of the request
    };
    /// Matches the next payload; `id` is ignored if replies come in order.
    match take(const std::string& id);

    /// The earliest deadline, or an earlier time; `time_point::max()` if there is none.
    [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
    /// Takes out the requests whose deadlines have passed. If they were sent, their replies are
    /// late from now on.
    [[nodiscard]] std::vector<reply_callback> expire(time_point now);
    /// Takes out every request that was sent: no reply will come.
    [[nodiscard]] std::vector<reply_callback> take_sent() noexcept;
    /// Takes out every request.
    [[nodiscard]] std::vector<reply_callback> take_all() noexcept;

private:
    struct sent_request : request {
        std::uint64_t number;
    };
    using sent_requests = std::list<sent_request>;

    void expire_sent(time_point now, std::vector<reply_callback>& expired);
    void expire_unsent(time_point now, std::vector<reply_callback>& expired);
    [[nodiscard]] sent_requests::iterator oldest_with(const std::string& id);
    sent_requests::iterator take_out(sent_requests::iterator at);
    bool take_late(const std::string& id);

    const bool by_id_;
    const std::size_t requests_max_;
    sent_requests sent_;  // in order; without `then` once they are over
    std::deque<unsent_request> unsent_;
    std::size_t late_ = 0;  // of those in `sent_`
    std::uint64_t next_number_ = 0;
    time_point deadline_ = time_point::max();
    std::unordered_multimap<std::string, sent_requests::iterator> by_id_of_sent_;
    std::deque<std::string> late_ids_;  // the oldest first; as many as requests may wait
};

}  // namespace framewire
