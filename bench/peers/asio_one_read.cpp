// Echo of digits:10 frames with Boost.Asio by someone who counts system calls. Per read: one
// async_read_some of up to 64 KiB, all whole frames in it, one async_write of them. Given a
// certificate and its key, it does so over TLS.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t header_size = 10, read_size = 64 << 10, payload_max = 16 << 20;

template <class Stream>
class session : public std::enable_shared_from_this<session<Stream>> {
public:
    template <class... Arguments>
    explicit session(Arguments&&... arguments) : socket_(std::forward<Arguments>(arguments)...) {}

    void shake_hands() {
        socket_.async_handshake(asio::ssl::stream_base::server,
                                [self = this->shared_from_this()](error_code error) {
                                    if (!error) self->read();
                                });
    }

    void read() {
        auto room = asio::buffer(buffer_) + size_;
        socket_.async_read_some(
            room, [self = this->shared_from_this()](error_code error, std::size_t size) {
                if (!error) self->answer(size);
            });
    }

private:
    void answer(std::size_t received) {
        size_ += received;
        auto whole = frames();
        if (!whole) return;
        if (*whole == 0) return read();
        asio::async_write(
            socket_, asio::buffer(buffer_, *whole),
            [self = this->shared_from_this()](error_code error, std::size_t written) {
                if (error) return;
                self->size_ -= written;
                auto* bytes = self->buffer_.data();
                std::memmove(bytes, bytes + written, self->size_);
                self->read();
            });
    }

    // How many bytes are whole frames; nothing if they are no frames. Makes room for the next.
    std::optional<std::size_t> frames() {
        std::size_t at = 0;
        while (size_ - at >= header_size) {
            std::size_t length = 0;
            auto *header = buffer_.data() + at, *end = header + header_size;
            auto [last, error] = std::from_chars(header, end, length);
            if (error != std::errc() || last != end || length > payload_max) return {};
            if (size_ - at < header_size + length) {
                if (header_size + length > buffer_.size()) buffer_.resize(header_size + length);
                break;
            }
            at += header_size + length;
        }
        return at;
    }

    Stream socket_;
    std::vector<char> buffer_ = std::vector<char>(read_size);
    std::size_t size_ = 0;
};

void accept(tcp::acceptor& acceptor, asio::ssl::context* secure) {
    acceptor.async_accept([&acceptor, secure](error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true), error);
            if (secure != nullptr) {
                using stream = asio::ssl::stream<tcp::socket>;
                std::make_shared<session<stream>>(std::move(socket), *secure)->shake_hands();
            } else {
                std::make_shared<session<tcp::socket>>(std::move(socket))->read();
            }
        }
        accept(acceptor, secure);
    });
}

// [CERTIFICATE KEY] [PORT]
int main(int count, char** words) {
    asio::io_context loop(1);
    std::optional<asio::ssl::context> secure;
    if (count > 2) {
        secure.emplace(asio::ssl::context::tls_server);
        secure->use_certificate_chain_file(words[1]);
        secure->use_private_key_file(words[2], asio::ssl::context::pem);
    }
    const auto port =
        static_cast<unsigned short>(count % 2 == 0 ? std::atoi(words[count - 1]) : 0);
    tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), port});
    accept(acceptor, secure ? &*secure : nullptr);
    loop.run();
}
