#include "explain.hpp"

#include <string>

namespace framewire {

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
