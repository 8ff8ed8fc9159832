#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "store/store_file.hpp"

#include <optional>
#include <string>

namespace framewire {

/// A message as `store` prints it.
class message_text {
public:
    /// As lines for a person; as JSON (docs/json.md); as a frame, and nothing else.
    static message_text for_person() { return {}; }
    static message_text as_json();
    static message_text as_frames(framing frames);

    /// Fails if the framing cannot carry the payload.
    [[nodiscard]] result<std::string> of(const stored_message& one) const;

private:
    bool json_ = false;
    std::optional<framing> frames_;
};

}  // namespace framewire
