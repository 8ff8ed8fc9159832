#pragma once

#include "ack_text.hpp"
#include "framewire/core/result.hpp"
#include "nats_forwarder.hpp"
#include "store_file.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// Which part of a payload is its id.
struct id_part {
    std::size_t bytes = 0;  ///< the first so many; or
    std::string regex{};    ///< the first group of what this matches, or all of it
};

/// The service `store:FILE[,ack=TEXT][,nack=TEXT][,id=N|/REGEX/][,keep=COUNT|SIZE|TIME]...
/// [,until=TEXT]`, or `store:nats://HOST[:PORT][,HOST[:PORT]].../STREAM[,file=FILE]
/// [,wait=local|replicated][,replicas=N][,linger=TIME]`, which forwards what is in FILE. Options
/// are at the end, and a value ends where the next option begins: so files and texts may contain
/// commas.
struct store_spec {
    static constexpr std::string_view name = "store:";

    static result<store_spec> parse(std::string_view text);

    std::string path;
    ack_text ack;
    std::optional<ack_text> nack{};
    std::optional<id_part> id{};
    store_retention keep{};
    std::string until{};
    std::optional<nats_target> nats{};
};

}  // namespace framewire
