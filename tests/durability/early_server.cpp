// early_server FILE PORT: acknowledges before it has stored, for the rigs to notice that.

#include "framewire/codec/framing.hpp"
#include "framewire/net/server.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <chrono>
#include <memory>
#include <string>

namespace framewire::durability_rig {
namespace {

class early_service final : public service {
public:
    explicit early_service(std::shared_ptr<store> into) : store_(std::move(into)) {}

    void receive(const piece& message, outbox& replies) override {
        const auto id = message.payload.substr(0, 16);
        (void)replies.reply(fmt::format("<{} {}>", ++offset_, id));
        store_->run([payload = std::string(message.payload)](store_file& file) {
            const auto now =
                std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
            (void)file.begin();
            (void)file.add(payload, bytes(payload).substr(0, 16), now);
            (void)file.commit();
        });
    }

private:
    std::shared_ptr<store> store_;
    std::uint64_t offset_ = 0;
};

int run(const char* path, const std::string& port) {
    auto opened = store::open(path, {});
    if (!opened) return 1;
    auto listening =
        server::listen(*address::parse("127.0.0.1:" + port), *framing::parse("u32be"),
                       service_factory([&] { return std::make_unique<early_service>(*opened); }));
    if (!listening) return 1;
    return listening->run() ? 0 : 1;
}

}  // namespace
}  // namespace framewire::durability_rig

int main(int count, char** words) {
    return count == 3 ? framewire::durability_rig::run(words[1], words[2]) : 2;
}
