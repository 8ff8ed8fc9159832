#include "store_site.hpp"

#include "framewire/net/server.hpp"
#include "store_framing.hpp"
#include "store_source.hpp"

#include <thread>
#include <utility>

namespace framewire {
namespace {

// Each may wait for a message that never comes.
constexpr std::size_t readers_max = 64;

class reader_service final : public service {
public:
    explicit reader_service(std::shared_ptr<store_source> from) : from_(std::move(from)) {}

    void receive(const piece& message, outbox& replies) override {
        // Shared, as a function must be copyable.
        auto reply = std::make_shared<deferred_reply>(replies.defer(order::as_completed));
        const auto number = number_of(message.payload);
        from_->ask(std::string(message.payload.substr(number.size())),
                   [reply, number = std::string(number)](const store_result<std::string>& text) {
                       reply->reply(number + write_answer(text));
                   });
    }

private:
    std::shared_ptr<store_source> from_;
};

server_settings settings_of_readers() {
    server_settings settings;
    settings.limits = readers_limits();
    settings.connections_max = readers_max;
    return settings;
}

}  // namespace

struct store_site::implementation {
    explicit implementation(server listening)
        : answers(std::move(listening)), thread([this] { (void)answers.run(); }) {}
    implementation(const implementation&) = delete;
    implementation& operator=(const implementation&) = delete;
    // Twice: those who wait for a message will not get it.
    ~implementation() {
        answers.stop();
        answers.stop();
        thread.join();
    }

    server answers;
    std::thread thread;
};

store_site::store_site(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
store_site::store_site(store_site&&) noexcept = default;
store_site& store_site::operator=(store_site&&) noexcept = default;
store_site::~store_site() = default;

result<store_site> store_site::start(const std::string& store_path, std::shared_ptr<store> shown) {
    auto where = readers_address(store_path);
    where.mode = 0600;
    auto listening = server::listen(where, readers_framing(),
                                    service_factory([from = source_of(std::move(shown))] {
                                        return std::make_unique<reader_service>(from);
                                    }),
                                    settings_of_readers());
    if (!listening) return tl::unexpected(listening.error());
    return store_site(std::make_unique<implementation>(std::move(*listening)));
}

}  // namespace framewire
