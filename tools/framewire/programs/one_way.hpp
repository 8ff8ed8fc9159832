#pragma once

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"
#include "framewire/service/service.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

namespace framewire {

/// Passes payloads from one connection to another one of the same loop. While the destination is
/// full, the source is not read from. Belongs to the loop's thread.
class one_way : public std::enable_shared_from_this<one_way> {
public:
    /// `finish` ends the destination's stream.
    one_way(peer_handle from, void (*finish)(outbox& to))
        : from_(std::move(from)), finish_(finish) {}

    /// Takes a payload from its source; drops it if the destination has gone.
    void take(bytes payload, outbox& from);
    /// No more will come: calls `finish` once everything has been passed on, or ends the
    /// destination with `service.failed`, if there are words for that. Only the first call counts.
    void end(std::string failure = {});
    /// The source is known; or its destination, on whose behalf this is called.
    void comes_from(const peer_handle& from) { from_ = from; }
    void goes_to(const peer_handle& to) { to_ = to; }
    /// Passes on what waits, as far as the destination takes it.
    void flush(outbox& to);
    /// The destination has gone: what still comes is dropped.
    void drop();

private:
    void flush_soon();
    void refuse(errc why);
    void resume_source();

    // What a pipe of the system holds.
    static constexpr std::size_t waiting_bytes_max = 64 * KiB;

    peer_handle from_;
    peer_handle to_;
    void (*finish_)(outbox& to);
    std::deque<std::string> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool is_source_paused_ = false;
    bool flushes_soon_ = false;
    bool drops_ = false;
    bool has_ended_ = false;
    std::string failure_;
};

}  // namespace framewire
