#pragma once

#include "store.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// What became of the payloads of some requests, and the replies that this means.
class store_answers {
public:
    explicit store_answers(const store_settings& settings);

    /// Begins anew.
    void clear() noexcept;
    /// The next payload, in the order of the requests, was added.
    void add(const added_message& one);
    /// The next payload is not stored.
    void refuse(errc why);
    /// None of `count` payloads was stored.
    void refuse_all(std::size_t count, const store_failure& why);

    [[nodiscard]] std::size_t size() const noexcept { return answers_.size(); }
    /// How many were stored before.
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
    /// Adds one for each that was refused, by `errc`.
    void count_refused(std::array<std::uint64_t, errc_count + 1>& into) const;

    /// Gives every reply that is owed. Requires: there is an answer for each payload of them.
    void give(std::vector<store_request>& to);

    /// The id of a payload, or nothing.
    [[nodiscard]] bytes id_of(bytes payload) const {
        return settings_.id ? settings_.id(payload) : bytes();
    }

private:
    struct answer {
        std::uint64_t offset = 0;
        std::optional<errc> refused{};
    };

    void give_one(store_request& to, std::size_t first);
    void add_text(const answer& of, bytes payload);
    void send(deferred_reply& to, std::uint64_t offset, std::optional<errc> refused);

    const store_settings& settings_;
    const std::string constant_ack_;
    std::vector<answer> answers_;
    std::uint64_t repeated_ = 0;
    std::string words_;  // of the failure
    std::deque<std::string> texts_;
    std::vector<bytes> views_;  // of them, or of the text that is always the same
};

}  // namespace framewire
