#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/direction.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/payload_run.hpp"
#include "framewire/core/result.hpp"
#include "framewire/service/deferred_reply.hpp"
#include "framewire/service/peer.hpp"
#include "framewire/service/peer_handle.hpp"

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace framewire {

class framing;

/// Takes the replies of a service, frames them and sends them in order.
/// A call that fails queues nothing: `frame.too_large`, `frame.wrong_size`, `frame.utf8` or
/// `frame.delimiter`, because this payload cannot be framed. If the service ignores that, a reply
/// is missing, so the connection ends with that error.
///
/// Valid only during the call that it was passed to. Used after that call, or on another thread,
/// it fails with `service.outside_call` and does nothing; a debug build stops there. (Used in a
/// call for another connection of the same loop, it belongs to that one.) To reply after the call,
/// use `defer` or `handle`.
class outbox {
public:
    virtual ~outbox() = default;

    /// Queues a copy of one whole payload.
    virtual tl::expected<void, errc> reply(bytes payload) = 0;

    /// Replies to the payloads of a run, or of its beginning, with themselves, as an echo does.
    /// Returns how many: all, unless one cannot be framed or the outbox is `full` before. Frames
    /// that are as they would be sent are sent in place.
    virtual std::size_t reply_run(const payload_run& payloads) {
        std::size_t done = 0;
        while (done < payloads.size() && (done == 0 || !full()) && reply(payloads.payload(done))) {
            ++done;
        }
        return done;
    }
    /// Queues the same payload `count` times. Returns how often it was queued: less if the queue
    /// is full first, or the payload cannot be framed.
    virtual std::size_t reply_times(bytes payload, std::size_t count) {
        std::size_t done = 0;
        while (done < count && (done == 0 || !full()) && reply(payload)) ++done;
        return done;
    }

    /// Queues a message that is its length's field and has no payload (`piece::idle`). Fails with
    /// `frame.wrong_size` if the framing's option `idle` does not name this field.
    virtual tl::expected<void, errc> reply_idle(std::uint32_t /*field*/) {
        return tl::unexpected(errc::frame_wrong_size);
    }

    /// Queue a payload in pieces: `begin` with its length as the framing counts it (for instance,
    /// that of the piece it replies to), any number of `append`, then `end`. Fails like `reply`,
    /// and if the pieces do not add up to that length.
    virtual tl::expected<void, errc> begin(std::uint64_t announced) = 0;
    virtual tl::expected<void, errc> append(bytes data) = 0;
    virtual tl::expected<void, errc> end() = 0;

    /// Ends the connection after everything owed has been sent; nothing more is read from the
    /// peer.
    virtual void close() = 0;

    /// Ends our stream after everything owed has been sent: the peer sees its end, and nothing can
    /// be queued any more. What the peer sends is still received.
    virtual void shutdown_send() = 0;

    /// From here on, frames are of another framing: those received after the current frame, and
    /// those sent after what was queued or deferred. `frames` describes the direction of the end
    /// that connected, and its `replies()` the other one, whichever end this is; for one direction
    /// alone, `frames` describes that. Fails with `service.outside_call` only.
    virtual tl::expected<void, errc> use(const framing& frames,
                                         direction which = direction::both) = 0;

    /// Bytes that are queued and not sent.
    [[nodiscard]] virtual std::size_t queued() const noexcept = 0;
    /// True while at least `limits::queued_bytes_max` are queued. A service that produces without
    /// being asked stops then, and continues in `service::writable`.
    [[nodiscard]] virtual bool full() const noexcept = 0;
    /// Stops and resumes passing payloads to the service: while paused, nothing is read from the
    /// peer. Payloads that were found already may still be passed.
    virtual void pause() = 0;
    virtual void resume() = 0;

    /// Promises a reply for later. It counts against `limits::deferred_max`, and `held_bytes`,
    /// what the service keeps for it, against `limits::queued_bytes_max`: above either, nothing is
    /// read from the peer. Without an answer within `limits::service_deadline`, the connection
    /// ends with `service.timeout`. Requires: no frame is open (`begin`).
    [[nodiscard]] deferred_reply defer(order keeps = order::as_received,
                                       std::size_t held_bytes = 0) {
        const auto slot = open_slot(keeps, held_bytes);
        return slot == 0 ? deferred_reply() : deferred_reply(link(), slot);
    }
    /// Reaches this peer from anywhere.
    [[nodiscard]] peer_handle handle() { return peer_handle(link()); }

private:
    /// Never 0, unless it fails.
    virtual std::uint64_t open_slot(order keeps, std::size_t held_bytes) = 0;
    /// Null if it fails.
    virtual std::shared_ptr<peer_link> link() = 0;
};

/// Replies to payloads. One object serves one connection, always on the same thread.
class service {
public:
    virtual ~service() = default;

    /// Called once, before any other function. A service that speaks first does so here.
    virtual void opened(const peer& /*who*/, outbox& /*replies*/) {}

    /// Called for each payload, which is valid during the call only; it is whole unless
    /// `streams()`. An exception ends this connection and no other.
    virtual void receive(const piece& message, outbox& replies) = 0;

    /// Called with payloads that arrived whole and together. Returns how many it took, from the
    /// first; by default none. The others are passed to `receive`, one by one. For services that
    /// can handle many at once: they take no more once they have closed or the outbox is `full`,
    /// and do not take what they would `defer`. Not called while a reply is deferred.
    virtual std::size_t receive_run(const payload_run& /*messages*/, outbox& /*replies*/) {
        return 0;
    }

    /// True if `receive_run` defers: what it takes is all that it was given, and it defers once
    /// for that (`deferred_reply::reply_all`). It is then also called while replies are deferred.
    [[nodiscard]] virtual bool defers_runs() const noexcept { return false; }

    /// Called when a frame was discarded because of its size (`oversize=skip`), which is given as
    /// the framing counts it. Does nothing by default; an override may reply.
    virtual void skipped(std::uint64_t /*size*/, outbox& /*replies*/) {}

    /// Called when all that was queued has been sent, after `outbox::full` has returned true.
    virtual void writable(outbox& /*replies*/) {}

    /// Called when the peer has ended its stream between two frames. Closes by default, which
    /// sends what is owed first. An override that does not close may still push, and must close
    /// later.
    virtual void peer_ended(outbox& replies) { replies.close(); }

    /// Called when the server stops, once all that the peer has sent is answered. The connection
    /// closes then; or, if this returns true, when the service closes it.
    virtual bool stopping(outbox& /*replies*/) { return false; }

    /// Called once, after all others, when the connection is over. Must not throw.
    virtual void left(const close_reason& /*why*/) {}

    /// True if payloads that are too large to be held whole may come in pieces.
    [[nodiscard]] virtual bool streams() const noexcept { return false; }
};

/// Makes the service of a new connection: a function without arguments, or of the peer. If it
/// returns null, the peer is refused (`service.refused`). Called on all threads of the server, so
/// it must be thread-safe if there are several.
class service_factory {
public:
    template <class Make>
        requires std::is_invocable_r_v<std::unique_ptr<service>, const Make&, const peer&>
    service_factory(Make make) : make_(std::move(make)) {}
    template <class Make>
        requires std::is_invocable_r_v<std::unique_ptr<service>, const Make&>
    service_factory(Make make) : make_([made = std::move(make)](const peer&) { return made(); }) {}

    std::unique_ptr<service> operator()(const peer& who = {}) const { return make_(who); }

private:
    std::function<std::unique_ptr<service>(const peer&)> make_;
};

/// A service that calls a function with each whole payload.
using answer_function = std::function<void(bytes payload, outbox& replies)>;
[[nodiscard]] service_factory service_from(answer_function answer);

/// Parses the description of a service: `echo`, `discard`, `reply:TEXT[,close]`,
/// `acknowledge[:TEXT]` or `relay[,overflow=close|drop_oldest|drop_newest]`. With
/// `,until=TEXT` at the end of `echo` or `acknowledge`, the connection ends after the reply to
/// that payload. Texts have escapes (`unescape`).
[[nodiscard]] result<service_factory> make_service(std::string_view spec);

}  // namespace framewire
