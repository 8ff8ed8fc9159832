#pragma once

#include <string_view>

/// The first bytes that other programs send.
namespace framewire::tests::real {

using namespace std::string_view_literals;

/// curl 7.88.
inline constexpr auto http_request =
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:44709\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"sv;

/// Python 3.11's http.server.
inline constexpr auto http_response =
    "HTTP/1.0 501 Unsupported method ('GET')\r\nServer: BaseHTTP/0.6 Python/3.11.7\r\n"sv;

/// OpenSSL 3.0, TLS 1.3; the first of 517 bytes.
inline constexpr auto client_hello =
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x33\x24\xf4\xda\x95\xc8\xb3\x2e\x16\x68\x48\xcd"
    "\x85\xad\xda\x5d\x0d\x48\xdc\x52\x7b\x82\xdd\x68\xa2\xee\x02\xc7\xc1"sv;

/// OpenSSL 3.0, TLS 1.2 at most; the first of 180 bytes.
inline constexpr auto client_hello_of_tls_1_2 =
    "\x16\x03\x01\x00\xaf\x01\x00\x00\xab\x03\x03\xf8\x62\xd1\x38\xf6\xa9\x8c\x73\x8d\xc3\xc1\xc5"
    "\xf3\xa9\x49\x64\xa1\xbe\xc1\x20\x33\x35\xff\x5a\x36\x26\x26\xd5\x4e"sv;

/// OpenSSL 3.0: no shared cipher.
inline constexpr auto tls_alert = "\x15\x03\x03\x00\x02\x02\x28"sv;

inline constexpr auto ssh_banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n"sv;

/// The request of SMB 1 to negotiate a dialect; the first of 137 bytes.
inline constexpr auto smb_negotiate =
    "\x00\x00\x00\x85\xffSMBr\x00\x00\x00\x00\x18\x53\xc8\x00\x00"sv;

}  // namespace framewire::tests::real
