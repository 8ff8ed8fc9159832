// frame_relay SPEC HOST PORT [payloads|postgresql|whole]: stands between the clients of others and
// their server, and decodes and encodes every frame of both directions. What it encodes is what it
// sends, and must be what it has received, byte for byte. So real programs meet our frames, and we
// meet theirs.
//
// Each direction is decoded twice, and cut otherwise each time: into whole payloads, whose frames
// are passed on, and into pieces, whose frames are only compared.
//
// With `payloads`, only they must be the same: a framing in chunks does not say what theirs were.
//
// With `whole`, it does not decode into pieces: a framing whose length comes late has none.
// With `postgresql`, SPEC is the framing that both directions have once the client has said who it
// is. Before that it may ask for encryption, and the reply is one byte and no frame.
//
// Standard output:
//
//     listening PORT
//     client FRAMES BYTES, server FRAMES BYTES   a connection has ended, and no byte was changed
//     client|server failed: WORDS                its stream cannot be decoded, or would be changed
#include "framewire/core/quote.hpp"
#include "framewire/session/session.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using namespace framewire;

/// A stream, or what has been decoded and encoded of it, has a fault. The words say which.
struct fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string quoted(bytes data) { return quote(data.substr(0, 40)); }

limits without_limits(std::uint64_t assembled_bytes_max) {
    limits limits;
    limits.assembled_bytes_max = assembled_bytes_max;
    limits.queued_bytes_max = 1 << 30;
    limits.tiny_frames_per_second_max = 0;
    return limits;
}

/// How the relay treats a connection.
struct relay_rules {
    framing frames;
    bool exact = true;
    bool postgresql = false;
    bool in_pieces = true;
};

framing known(std::string_view spec) { return *framing::parse(spec); }

/// PostgreSQL, "Message Formats": SSLRequest and GSSENCRequest.
bool asks_for_encryption(const piece& data) {
    return data.whole() && (data.payload == bytes("\x04\xd2\x16\x2f", 4) ||
                            data.payload == bytes("\x04\xd2\x16\x30", 4));
}

/// One direction of a connection, decoded and encoded again.
class recoder {
public:
    recoder(const framing& frames, bool exact, delivery mode, std::uint64_t assembled_bytes_max)
        : reader_(frames, without_limits(assembled_bytes_max), mode, {}),
          writer_(frames.reversed(), without_limits(assembled_bytes_max), mode, {}),
          exact_(exact) {}

    /// What these bytes have completed, as we would send it. Throws `fault`.
    std::string recode(bytes input) {
        if (exact_) missing_ += input;
        reader_.receive(input);
        std::string sent = take_frames();
        reader_.hold();
        return sent;
    }

    /// From here on, the frames of this direction are others.
    void use(const framing& frames) {
        reader_.use(frames, direction::received);
        writer_.use(frames, direction::sent);
    }

    /// Is called after a frame, or its last piece.
    void after_frames(std::function<void(const piece&)> call) { after_frame_ = std::move(call); }

    /// The stream has ended: what was still due to be sent. Throws `fault`.
    std::string finish() {
        reader_.receive_eof();
        std::string sent = take_frames();
        if (exact_ && !missing_.empty()) {
            throw fault("nothing was sent for " + quoted(missing_) + " at the end");
        }
        return sent;
    }

    [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return sent_; }

private:
    std::string take_frames() {
        while (const auto event = reader_.next()) {
            switch (event->what) {
                case event::kind::frame: send(event->piece); break;
                case event::kind::skipped: throw fault("a frame was skipped");
                case event::kind::finished: break;
                case event::kind::failed: throw fault(reader_.failure()->message());
            }
        }
        take_output();
        std::string sent = std::exchange(idle_too_, {});
        if (exact_) compare(sent);
        sent_ += sent.size();
        return sent;
    }

    void take_output() {
        idle_too_ += writer_.output();
        writer_.sent(writer_.output().size());
    }

    void send(const piece& data) {
        if (data.idle) {
            take_output();
            expect(writer_.rules()->sends.encode_idle(data.field, idle_too_));
        } else if (data.whole()) {
            expect(writer_.send(data.payload));
        } else {
            if (data.first) expect(writer_.begin(data.announced));
            expect(writer_.append(data.payload));
            if (data.last) expect(writer_.end());
        }
        frames_ += data.last;
        if (data.last && after_frame_) after_frame_(data);
    }

    void expect(const tl::expected<void, errc>& sent) const {
        if (sent) return;
        throw fault("what follows " + std::to_string(sent_) +
                    " bytes can be read, but not sent: " + std::string(error_name(sent.error())));
    }

    void compare(bytes sent) {
        if (!bytes(missing_).starts_with(sent)) {
            const auto [ours, theirs] =
                std::mismatch(sent.begin(), sent.end(), missing_.begin(), missing_.end());
            const auto at = static_cast<std::size_t>(ours - sent.begin());
            throw fault("byte " + std::to_string(sent_ + at) + " of the stream: " +
                        quoted(bytes(missing_).substr(at)) + " became " + quoted(sent.substr(at)));
        }
        missing_.erase(0, sent.size());
    }

    session reader_;
    session writer_;
    bool exact_;
    std::function<void(const piece&)> after_frame_;
    std::string missing_;
    std::string idle_too_;  // what is sent, with frames that are idle
    std::uint64_t sent_ = 0;
    std::uint64_t frames_ = 0;
};

/// Both ways of decoding a direction, each with cuts of its own.
class two_ways {
public:
    two_ways(const framing& frames, const relay_rules& rules)
        : whole_(frames, rules.exact, delivery::whole, std::uint64_t{1} << 30),
          pieces_(frames, rules.exact, delivery::pieces, rules.in_pieces ? 8 : 1 << 30) {}

    std::string recode(bytes input) {
        if (begun_ != nullptr && *begun_) {
            whole_.use(*then_);
            pieces_.use(*then_);
            begun_ = nullptr;
        }
        for (bytes rest = input; !rest.empty();) {
            cut_ = cut_ % 7 + 1;
            const auto part = rest.substr(0, pieces_.size() < 20'000 ? cut_ : cut_ * 997);
            pieces_.recode(part);
            rest.remove_prefix(part.size());
        }
        std::string sent;
        // The beginning byte by byte, as that is where all states of a conversation are.
        for (; bytewise_ > 0 && !input.empty(); --bytewise_, input.remove_prefix(1)) {
            sent += whole_.recode(input.substr(0, 1));
        }
        if (!input.empty()) sent += whole_.recode(input);
        return sent;
    }

    std::string finish() {
        pieces_.finish();
        return whole_.finish();
    }

    /// Changes its framing, and sets `begun`, after the first frame that is no request.
    void opens(const framing& then, std::atomic<bool>& begun) {
        for (auto* one : {&whole_, &pieces_}) {
            one->after_frames([&then, &begun, one, opened = false](const piece& data) mutable {
                if (opened || asks_for_encryption(data)) return;
                one->use(then);
                opened = true;
                begun = true;
            });
        }
    }

    /// Changes its framing before the first bytes that come once `begun` is set.
    void replies(const framing& then, const std::atomic<bool>& begun) {
        then_ = &then;
        begun_ = &begun;
    }

    [[nodiscard]] std::string counted() const {
        return std::to_string(whole_.frames()) + " " + std::to_string(whole_.size());
    }

private:
    recoder whole_;
    recoder pieces_;
    const framing* then_ = nullptr;
    const std::atomic<bool>* begun_ = nullptr;
    std::size_t cut_ = 0;
    std::size_t bytewise_ = 2000;
};

/// Until `reads` ends, which `writes` is then told. Returns the words of a fault, or nothing.
std::string pass_on(two_ways& way, int reads, int writes) {
    std::array<char, 1 << 16> buffer{};
    const auto write = [&](bytes data) {
        while (!data.empty()) {
            const auto size = ::send(writes, data.data(), data.size(), MSG_NOSIGNAL);
            if (size <= 0) return;
            data.remove_prefix(static_cast<std::size_t>(size));
        }
    };
    std::string words;
    try {
        while (true) {
            const auto size = ::recv(reads, buffer.data(), buffer.size(), 0);
            if (size < 0) break;  // A reset: nobody knows what would have come.
            if (size == 0) {
                write(way.finish());
                ::shutdown(writes, SHUT_WR);
                return {};
            }
            write(way.recode({buffer.data(), static_cast<std::size_t>(size)}));
        }
    } catch (const fault& fault) {
        words = fault.what();
    }
    ::shutdown(reads, SHUT_RDWR);
    ::shutdown(writes, SHUT_RDWR);
    return words;
}

void print(const std::string& line) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    std::cout << line << std::endl;
}

void relay(const relay_rules& rules, int client, int server) {
    const bool opens = rules.postgresql;
    two_ways up(opens ? known("u32be,adjust=-4") : rules.frames, rules);
    two_ways down(opens ? known("fixed:1") : rules.frames.reversed(), rules);
    std::atomic<bool> begun = false;
    if (opens) {
        up.opens(rules.frames, begun);
        down.replies(rules.frames, begun);
    }
    std::string up_fault;
    std::thread other([&] { up_fault = pass_on(up, client, server); });
    const auto down_fault = pass_on(down, server, client);
    other.join();
    ::close(client);
    ::close(server);
    if (!up_fault.empty()) print("client failed: " + up_fault);
    if (!down_fault.empty()) print("server failed: " + down_fault);
    if (up_fault.empty() && down_fault.empty()) {
        print("client " + up.counted() + ", server " + down.counted());
    }
}

sockaddr_in address_of(const char* host, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET, host, &address.sin_addr) != 1) throw fault("no address");
    return address;
}

int socket_without_delay() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

void run(const relay_rules& rules, const char* host, int port) {
    auto server = address_of(host, port);
    auto here = address_of(host, 0);
    socklen_t size = sizeof here;
    const int listener = socket_without_delay();
    if (::bind(listener, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
        ::listen(listener, 16) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
        throw fault("cannot listen");
    }
    print("listening " + std::to_string(ntohs(here.sin_port)));
    while (true) {
        const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) throw fault("cannot accept");
        const int on = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const int upstream = socket_without_delay();
        if (::connect(upstream, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) {
            throw fault("cannot connect to the server");
        }
        std::thread([&rules, client, upstream] { relay(rules, client, upstream); }).detach();
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string_view word = argc == 5 ? argv[4] : "";
        if (argc != (word.empty() ? 4 : 5)) {
            throw fault("usage: frame_relay SPEC HOST PORT [payloads|postgresql|whole]");
        }
        auto frames = framing::parse(argv[1]);
        if (!frames) throw fault(frames.error().message());
        run({*std::move(frames), word != "payloads", word == "postgresql", word != "whole"},
            argv[2], std::stoi(argv[3]));
    } catch (const std::exception& fault) {
        std::cerr << fault.what() << '\n';
    }
    return 1;
}
