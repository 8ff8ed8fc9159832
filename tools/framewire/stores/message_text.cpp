#include "message_text.hpp"

#include "cli/json_members.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

message_text message_text::as_json() {
    message_text one;
    one.json_ = true;
    return one;
}

message_text message_text::as_frames(framing frames) {
    message_text one;
    one.frames_ = std::move(frames);
    return one;
}

result<std::string> message_text::of(const stored_message& one) const {
    if (frames_) {
        std::string frame;
        if (const auto framed = frames_->encode(one.payload, frame); !framed) {
            return tl::unexpected(
                failure{fmt::format("{}: the message at offset {} cannot be framed as {}",
                                    error_name(framed.error()), one.offset, frames_->spec()),
                        "choose another --framing, or --from"});
        }
        return frame;
    }
    const timestamp when(one.time);
    if (json_) {
        json_members all;
        all.add("event", "stored");
        all.add("time", when.text());
        all.add("offset", one.offset);
        if (!one.id.empty()) all.add("id", one.id);
        all.add("size", one.payload.size());
        all.add_payload(one.payload, false);
        return all.end();
    }
    const auto id = one.id.empty() ? std::string() : fmt::format("  id {}", quote(one.id));
    return fmt::format("{}  {}{}  {}\n", one.offset, when.text(), id, quote(one.payload));
}

}  // namespace framewire
