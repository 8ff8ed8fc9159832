#pragma once

#include "ack_text.hpp"
#include "framewire/core/result.hpp"
#include "framewire/service/service.hpp"
#include "store_position.hpp"
#include "store_source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// The service `replay:FILE[,from=POSITION][,prefix=TEXT]`.
struct replay_spec {
    static constexpr std::string_view name = "replay:";

    static result<replay_spec> parse(std::string_view text);

    std::string path;
    std::optional<store_position> from{};  ///< without a request
    std::optional<ack_text> prefix{};      ///< what precedes each payload
};

/// Sends the messages of a store, those too that are stored later. The peer's requests are text:
/// a position (`store_position`) from which they are sent, `consumer NAME` from the one after that
/// which NAME has confirmed, and `done OFFSET`, which confirms. Once the peer has ended its
/// stream, it gets what is stored, and the connection ends.
class replay_service final : public service {
public:
    replay_service(std::shared_ptr<store_source> from, std::shared_ptr<const replay_spec> spec)
        : source_(std::move(from)), spec_(std::move(spec)) {}

    void opened(const peer& who, outbox& replies) override;
    void receive(const piece& message, outbox& replies) override;
    void writable(outbox& replies) override { send(replies); }
    void peer_ended(outbox& replies) override;

private:
    void begin(const store_position& at);
    void begin_as(std::string_view consumer);
    void confirm(std::string_view offset, outbox& replies);
    void fetch();
    void wait();
    void send(outbox& replies);
    void refuse(outbox& replies, std::string words);
    void ask(std::string request, std::function<void(replay_service&, outbox&, std::string)> then);

    std::shared_ptr<store_source> source_;
    std::shared_ptr<const replay_spec> spec_;
    peer_handle self_;
    std::string consumer_;
    std::uint64_t next_ = 0;  // 0: nothing has been asked for
    std::string records_;
    std::size_t sent_ = 0;  // bytes of them
    // Answers to what was asked before another position was chosen are not wanted.
    std::uint64_t generation_ = 0;
    bool peer_ended_ = false;
    bool is_waiting_ = false;
};

}  // namespace framewire
