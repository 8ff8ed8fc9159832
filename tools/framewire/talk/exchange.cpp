#include "exchange.hpp"

namespace framewire {

wire_result<std::string> collect_reply(blocking_connection& connection, std::size_t sent_bytes,
                                       bool raw) {
    std::string reply;
    while (!raw || reply.size() < sent_bytes) {
        const auto data = connection.receive();
        if (!data) return tl::unexpected(data.error());
        reply += *data;
        if (!raw) break;
    }
    return reply;
}

failure explain(const wire_error& error, const client_wording& wording) {
    switch (error.code) {
        case errc::io_closed:
            if (!wording.no_reply.empty()) return {std::string(wording.no_reply)};
            return {"no reply: the server closed the connection"};
        case errc::frame_truncated: return {error.words};
        default: return {error.message()};
    }
}

}  // namespace framewire
