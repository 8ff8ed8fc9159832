#pragma once

#include "blocking_connection.hpp"
#include "cli/protocols.hpp"

#include <cstddef>
#include <string>

namespace framewire {

/// The reply to a message of `sent_bytes`: the next payload, or, without framing, as many bytes as
/// were sent, because the boundaries of reads mean nothing.
[[nodiscard]] wire_result<std::string> collect_reply(blocking_connection& connection,
                                                     std::size_t sent_bytes, bool raw);

/// Why there is no reply, for a person.
[[nodiscard]] failure explain(const wire_error& error, const client_wording& wording);

}  // namespace framewire
