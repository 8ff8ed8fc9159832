#include "store_answers.hpp"

#include <algorithm>
#include <utility>

namespace framewire {

store_answers::store_answers(const store_settings& settings)
    : settings_(settings),
      constant_ack_(settings.ack.is_constant() ? settings.ack.text({}) : std::string()) {}

void store_answers::clear() noexcept {
    answers_.clear();
    words_.clear();
    repeated_ = 0;
}

void store_answers::add(const added_message& one) {
    const bool conflicts = one.what == added_message::outcome::conflict;
    answers_.push_back(
        {one.offset, conflicts ? std::optional(errc::store_conflict) : std::nullopt});
    repeated_ += one.what == added_message::outcome::repeated ? 1 : 0;
}

void store_answers::refuse(errc why) { answers_.push_back({0, why}); }

void store_answers::refuse_all(std::size_t count, const store_failure& why) {
    answers_.assign(count, {0, why.code});
    words_ = why.words;
    repeated_ = 0;
}

void store_answers::count_refused(std::array<std::uint64_t, errc_count + 1>& into) const {
    for (const auto& one : answers_) {
        if (one.refused) ++into.at(static_cast<std::size_t>(*one.refused));
    }
}

void store_answers::give(std::vector<store_request>& to) {
    std::size_t first = 0;
    for (auto& request : to) {
        give_one(request, first);
        first += request.sizes.size();
    }
}

// Without a text for it, a message that is refused ends the connection, after the acknowledgements
// of those before it.
void store_answers::give_one(store_request& to, std::size_t first) {
    texts_.clear();
    views_.clear();
    std::size_t begin = 0;
    std::uint64_t latest = 0;
    for (const auto size : to.sizes) {
        const auto& one = answers_.at(first++);
        if (one.refused && !settings_.nack) return send(to.reply, latest, one.refused);
        if (!one.refused) latest = std::max(latest, one.offset);
        add_text(one, {to.payloads.data() + begin, size});
        begin += size;
    }
    send(to.reply, latest, std::nullopt);
}

void store_answers::send(deferred_reply& to, std::uint64_t offset, std::optional<errc> refused) {
    if (offset > 0 && settings_.outbox && settings_.outbox->hold) {
        settings_.outbox->hold(
            {offset, std::move(to), {views_.begin(), views_.end()}, refused, words_});
    } else if (refused) {
        to.fail(*refused, words_, views_);
    } else {
        to.reply_all(views_);
    }
}

void held_reply::give() {
    const std::vector<bytes> views(texts.begin(), texts.end());
    if (refused) return reply.fail(*refused, std::move(words), views);
    reply.reply_all(views);
}

void store_answers::add_text(const answer& of, bytes payload) {
    const auto& text = of.refused ? *settings_.nack : settings_.ack;
    if (!of.refused && text.is_constant()) {
        views_.emplace_back(constant_ack_);
        return;
    }
    const auto error = of.refused ? error_name(*of.refused) : std::string_view();
    texts_.push_back(text.text({of.offset, id_of(payload), error}));
    views_.emplace_back(texts_.back());
}

}  // namespace framewire
