// Cases of TLS: the handshake, and the ends of a stream.

#include "steps.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::size_t silent_clients_count = 20;

std::string sized(std::string_view data, std::size_t width) {
    std::string out;
    for (auto i = width; i-- > 0;) out += static_cast<char>(data.size() >> (8 * i) & 0xFFU);
    out += data;
    return out;
}

// A ClientHello of TLS 1.1 (minor version 2) or 1.0 (1), with what servers of its time accept.
std::string old_hello(char minor) {
    const auto version = std::string("\x03") + minor;
    std::string random;
    for (int i = 0; i < 32; ++i) random += static_cast<char>(i * 37 + 11);
    const auto groups = "\x00\x0a"s + sized(sized("\x00\x17\x00\x18\x00\x1d"sv, 2), 2);
    const auto formats = "\x00\x0b"s + sized(sized("\x00"sv, 1), 2);
    const auto body = version + random + "\x00"s +
                      sized("\xc0\x13\xc0\x14\xc0\x09\xc0\x0a\x00\x2f\x00\x35\x00\xff"sv, 2) +
                      sized("\x00"sv, 1) + sized(groups + formats, 2);
    return "\x16\x03\x01"s + sized("\x01" + sized(body, 3), 2);
}

void make_plaintext(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    into.scripts.push_back(
        {"a message without TLS",
         {send(subject.frame_of(subject.payloads.front())), expect_refusal(), next_client()},
         true});
    into.scripts.push_back(
        {"an HTTP request without TLS",
         {send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), expect_refusal(), next_client()},
         true});
}

void make_old_versions(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    into.scripts.push_back(
        {"TLS 1.1", {send(old_hello(2)), expect_refusal(), next_client()}, true});
    into.scripts.push_back(
        {"TLS 1.0", {send(old_hello(1)), expect_refusal(), next_client()}, true});
}

void make_cut_handshake(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    const auto hello = old_hello(3);
    const auto half = hello.substr(0, hello.size() / 2);
    into.scripts.push_back({"half of a ClientHello, and the end",
                            {send(half), end_stream(), expect_refusal(), next_client()},
                            true});
    into.scripts.push_back({"half of a ClientHello, and a reset",
                            {send(half), pass(piece_pause), reset(), next_client()},
                            true});
    into.scripts.push_back(
        {"a connection that ends at once", {end_stream(), expect_refusal(), next_client()}, true});
}

void make_slow_handshake(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    const auto& message = subject.payloads.front();
    check_script script{"the handshake byte by byte",
                        {send(subject.frame_of(message)), expect({message})}};
    script.handshake_piece = 1;
    into.scripts.push_back(std::move(script));
}

void make_no_close_notify(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    const auto& message = subject.payloads.front();
    const auto frame = subject.frame_of(message);
    into.scripts.push_back(
        {"a message, and the end of the connection without close_notify",
         {send(frame), expect({message}), end_socket(), advise_end(), next_client()}});
    const auto half = frame.substr(0, frame.size() / 2);
    const auto found = read_stream(subject.frames, half);
    if (!found.is_incomplete || !found.payloads.empty()) return;
    into.scripts.push_back({"half of a message, and the same",
                            {send(half), end_socket(), advise_end(), next_client()}});
}

void make_close_notify(const check_subject& subject, check_case& into) {
    if (!subject.has_tls || !subject.replies()) return;
    const auto messages = subject.numbered_up_to(subject.has_one_exchange ? 1 : 20);
    into.scripts.push_back({"messages and close_notify, while the connection stays",
                            {send(subject.stream_of(messages)), close_notify(), expect(messages),
                             advise_end(), next_client()}});
}

void make_noise(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    const auto& message = subject.payloads.front();
    check_script script{"bytes that are no record, after the handshake", {}};
    if (!subject.has_one_exchange) {
        script.steps = {send(subject.frame_of(message)), expect({message})};
    }
    const auto frame = subject.frame_of(message);
    for (auto step :
         {send_past_tls(frame + std::string(64, '\xff')), advise_end(), next_client()}) {
        script.steps.push_back(std::move(step));
    }
    into.scripts.push_back(std::move(script));
}

void make_silent_handshake(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    into.scripts.push_back({"no handshake", {expect_refusal(), next_client()}, true});
}

void make_beside_handshakes(const check_subject& subject, check_case& into) {
    if (!subject.has_tls) return;
    into.scripts.push_back({"another client, beside 20 that have not begun their handshakes",
                            {silent_clients(silent_clients_count), next_client()}});
}

constexpr std::string_view one_at_a_time =
    "Do the handshake where the client is served, not where connections are accepted: in Python "
    "with do_handshake_on_connect=False, and do_handshake() in the client's thread, in a try.";
constexpr std::string_view read_error =
    "What goes wrong in TLS concerns that client only: catch it where that client is served, "
    "close its connection, and serve the others.";

constexpr auto tls_rows = std::to_array<check_row>({
    {801, "tls.plaintext", check_level::must,
     "A server with TLS sends no reply without it, and others are served.",
     "RFC 8446, 6; docs/faults.md, 24", one_at_a_time, make_plaintext},
    {802, "tls.version", check_level::must, "TLS 1.0 and 1.1 are refused.", "RFC 8996",
     "Set the smallest version of TLS to 1.2 or 1.3.", make_old_versions},
    {803, "tls.cut-handshake", check_level::must,
     "A client that leaves inside the handshake harms no other.", "docs/faults.md, 41",
     one_at_a_time, make_cut_handshake},
    {804, "tls.slow-handshake", check_level::must, "A handshake may arrive byte by byte.",
     "RFC 9293, 3.8; docs/faults.md, 18",
     "Leave the bytes to the TLS library: do not look at the first ones with one recv().",
     make_slow_handshake},
    {805, "tls.no-close-notify", check_level::must,
     "The end of a connection without close_notify harms no other client.",
     "RFC 8446, 6.1; docs/faults.md, 21", read_error, make_no_close_notify},
    {806, "tls.half-close", check_level::must,
     "A client that has sent close_notify still gets all replies.", "RFC 8446, 6.1",
     "close_notify says that the client sends no more; it may still read. Send all replies that "
     "are due, then close_notify, and close the connection.",
     make_close_notify},
    {807, "tls.noise", check_level::must, "Bytes that are no record are no message.",
     "RFC 8446, 5.2", read_error, make_noise},
    {808, "tls.beside", check_level::should,
     "Clients that have not done their handshakes do not stop the others.", "docs/faults.md, 17",
     one_at_a_time, make_beside_handshakes},
    {809, "tls.silent", check_level::should, "A handshake does not take forever.",
     "docs/faults.md, 49", "Set a timeout for the handshake, of some seconds.",
     make_silent_handshake},
});

}  // namespace

std::span<const check_row> rows_of_tls() noexcept { return tls_rows; }

}  // namespace framewire
