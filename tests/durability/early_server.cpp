// early_server FILE: acknowledges before it has stored, for the rigs to notice that. Prints its
// port.

#include "framewire/codec/framing.hpp"
#include "framewire/net/server.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <chrono>
#include <cstdio>
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

int run(const char* path) {
    auto opened = store::open(path, {});
    if (!opened) return 1;
    auto listening =
        server::listen(*address::parse("127.0.0.1:0"), *framing::parse("u32be"),
                       service_factory([&] { return std::make_unique<early_service>(*opened); }));
    if (!listening) return 1;
    fmt::print("{}\n", listening->local().port);
    std::fflush(stdout);
    return listening->run() ? 0 : 1;
}

}  // namespace
}  // namespace framewire::durability_rig

int main(int count, char** words) {
    return count == 2 ? framewire::durability_rig::run(words[1]) : 2;
}
