#pragma once

#include "framewire/io/address.hpp"
#include "performance.hpp"

#include <cstdint>
#include <functional>

namespace framewire {

/// Listens, and plays the server's end of the script to each client, in a thread of its own: to
/// the first client the first connection, and after the last the first again. Ends after so many
/// clients (0: never), or when interrupted or terminated. `listening` is called with the address;
/// `played` after each client, by one thread at a time.
[[nodiscard]] result<performance_result> run_mock_server(
    const script& all, const address& where, performance_plan plan, std::uint64_t clients_max,
    const std::function<void(const std::string&)>& listening,
    const std::function<void(const performance_result&)>& played);

}  // namespace framewire
