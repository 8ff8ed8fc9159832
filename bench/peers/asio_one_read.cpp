// Echo of digits:10 frames with Boost.Asio by someone who counts system calls. Per read: one
// async_read_some of up to 64 KiB, all whole frames in it, one async_write of them.
#include <boost/asio.hpp>
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

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket socket) : socket_(std::move(socket)) {}

    void read() {
        auto room = asio::buffer(buffer_) + size_;
        socket_.async_read_some(room,
                                [self = shared_from_this()](error_code error, std::size_t size) {
                                    if (!error) self->answer(size);
                                });
    }

private:
    void answer(std::size_t received) {
        size_ += received;
        auto whole = frames();
        if (!whole) return;
        if (*whole == 0) return read();
        asio::async_write(socket_, asio::buffer(buffer_, *whole),
                          [self = shared_from_this()](error_code error, std::size_t written) {
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

    tcp::socket socket_;
    std::vector<char> buffer_ = std::vector<char>(read_size);
    std::size_t size_ = 0;
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true), error);
            std::make_shared<session>(std::move(socket))->read();
        }
        accept(acceptor);
    });
}

int main(int count, char** words) {
    asio::io_context loop(1);
    auto port = static_cast<unsigned short>(count == 2 ? std::atoi(words[1]) : 0);
    tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), port});
    accept(acceptor);
    loop.run();
}
