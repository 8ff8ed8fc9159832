// Echo of digits:10 frames with Boost.Asio as its tutorials compose it: async_read of a header,
// async_read of a body, async_write of both. Per frame: two reads, or more, and one write.
#include <array>
#include <boost/asio.hpp>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t payload_max = 16 << 20;

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket socket) : socket_(std::move(socket)) {}

    void read_header() {
        asio::async_read(socket_, asio::buffer(header_),
                         [self = shared_from_this()](error_code error, std::size_t) {
                             std::size_t size = 0;
                             if (!error && self->parse(size)) self->read_body(size);
                         });
    }

private:
    bool parse(std::size_t& size) const {
        auto end = header_.data() + header_.size();
        auto [last, error] = std::from_chars(header_.data(), end, size);
        return error == std::errc() && last == end && size <= payload_max;
    }

    void read_body(std::size_t size) {
        body_.resize(size);
        asio::async_read(socket_, asio::buffer(body_),
                         [self = shared_from_this()](error_code error, std::size_t) {
                             if (!error) self->write();
                         });
    }

    void write() {
        std::array<asio::const_buffer, 2> frame{asio::buffer(header_), asio::buffer(body_)};
        asio::async_write(socket_, frame,
                          [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error) self->read_header();
                          });
    }

    tcp::socket socket_;
    std::array<char, 10> header_;
    std::vector<char> body_;
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true), error);
            std::make_shared<session>(std::move(socket))->read_header();
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
