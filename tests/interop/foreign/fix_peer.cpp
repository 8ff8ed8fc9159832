// fix_peer server|client PORT: QuickFIX at both ends of FIX 4.2. The client logs on, sends orders
// of several sizes, which the server sends back, and logs out.
#include <quickfix/Application.h>
#include <quickfix/Message.h>
#include <quickfix/MessageStore.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>

#include <chrono>
#include <cstddef>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

const std::vector<std::size_t> sizes{1, 9, 300, 100'000};

FIX::SessionSettings settings_of(const std::string& side, const std::string& port) {
    const bool serves = side == "server";
    std::istringstream text(
        "[DEFAULT]\nUseDataDictionary=N\nStartTime=00:00:00\nEndTime=00:00:00\nHeartBtInt=30\n"
        "ReconnectInterval=1\nConnectionType=" +
        std::string(serves ? "acceptor\nSocketAcceptPort=" + port + "\nSocketReuseAddress=Y"
                           : "initiator\nSocketConnectHost=127.0.0.1\nSocketConnectPort=" + port) +
        "\n[SESSION]\nBeginString=FIX.4.2\nSenderCompID=" + side +
        "\nTargetCompID=" + (serves ? "client" : "server") + "\n");
    return FIX::SessionSettings(text);
}

FIX::Message order(std::size_t size) {
    FIX::Message message;
    message.getHeader().setField(FIX::FIELD::MsgType, "D");
    message.setField(FIX::FIELD::ClOrdID, "1");
    message.setField(FIX::FIELD::Text, std::string(size, 'x'));
    return message;
}

class peer final : public FIX::Application {
public:
    explicit peer(bool serves) : serves_(serves) {}

    void onCreate(const FIX::SessionID& /*session*/) override {}
    void onLogon(const FIX::SessionID& session) override {
        if (serves_) return;
        for (const auto size : sizes) {
            auto message = order(size);
            FIX::Session::sendToTarget(message, session);
        }
    }
    void onLogout(const FIX::SessionID& /*session*/) override {
        const std::lock_guard<std::mutex> lock(one_at_a_time_);
        logged_out_ = received_ == sizes.size();
    }
    void toAdmin(FIX::Message& /*message*/, const FIX::SessionID& /*session*/) override {}
    void toApp(FIX::Message& /*message*/,
               const FIX::SessionID& /*session*/) throw(FIX::DoNotSend) override {}
    void fromAdmin(const FIX::Message& /*message*/,
                   const FIX::SessionID& /*session*/) throw(FIX::FieldNotFound,
                                                            FIX::IncorrectDataFormat,
                                                            FIX::IncorrectTagValue,
                                                            FIX::RejectLogon) override {}
    void fromApp(const FIX::Message& message,
                 const FIX::SessionID& session) throw(FIX::FieldNotFound, FIX::IncorrectDataFormat,
                                                      FIX::IncorrectTagValue,
                                                      FIX::UnsupportedMessageType) override {
        const auto size = message.getField(FIX::FIELD::Text).size();
        std::cout << size << std::endl;
        if (serves_) {
            auto reply = order(size);
            FIX::Session::sendToTarget(reply, session);
            return;
        }
        const std::lock_guard<std::mutex> lock(one_at_a_time_);
        if (++received_ == sizes.size()) FIX::Session::lookupSession(session)->logout();
    }

    bool logged_out() {
        const std::lock_guard<std::mutex> lock(one_at_a_time_);
        return logged_out_;
    }

private:
    bool serves_;
    std::mutex one_at_a_time_;
    std::size_t received_ = 0;
    bool logged_out_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 2) return 2;
    const bool serves = words[0] == "server";
    peer here(serves);
    FIX::MemoryStoreFactory store;
    const auto settings = settings_of(words[0], words[1]);
    if (serves) {
        FIX::SocketAcceptor acceptor(here, store, settings);
        acceptor.block();
        return 0;
    }
    FIX::SocketInitiator initiator(here, store, settings);
    initiator.start();
    while (!here.logged_out()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    initiator.stop(true);
    return 0;
}
