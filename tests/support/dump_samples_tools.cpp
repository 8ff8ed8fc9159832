#include "dump_samples.hpp"

#include <utility>

namespace framewire::tests::dump_samples {

std::vector<sample> strace() {
    return {
        {"strace",
         R"(30608 accept4(3, {sa_family=AF_INET, sin_port=htons(34518), sin_addr=inet_ad)"
         R"(dr("127.0.0.1")}, [16], SOCK_CLOEXEC) = 4)"
         "\n"
         R"(30608 recvfrom(4, "\0\0\0\5Hello", 100, 0, NULL, NULL) = 9
)"
         R"(30608 recvfrom(4, "\0\0\0\f\0000\"\\\377\n'\200\177\tAb", 100, 0, NULL, NULL)"
         R"() = 16)"
         "\n"
         R"(30608 sendto(4, "\0\0\0\2OK", 6, 0, NULL, 0) = 6
30608 recvfrom(4, "", 10, 0, NULL, NULL) = 0
30608 +++ exited with 0 +++
)",
         sides::both},
        {"strace_xx",
         R"([pid 30704] 02:55:10.763922 recvfrom(4, "\x00\x00\x00\x05\x48\x65\x6c\x6c\x6)"
         R"(f", 100, 0, NULL, NULL) = 9)"
         "\n"
         R"([pid 30704] 02:55:10.763992 recvfrom(4, "\x00\x00\x00\x0c\x00\x30\x22\x5c\xf)"
         R"(f\x0a\x27\x80\x7f\x09\x41\x62", 100, 0, NULL, NULL) = 16)"
         "\n"
         R"([pid 30704] 02:55:10.764922 sendto(4, "\x00\x00\x00\x02\x4f\x4b", 6, 0, NULL)"
         R"(, 0) = 6)"
         "\n",
         sides::both},
        {"strace_ttt_T_y",
         R"(31363 1795920915.466923 recvfrom(4<socket:[16664071]>, "\0\0\0\5Hello", 100,)"
         R"( 0, NULL, NULL) = 9 <0.000015>)"
         "\n"
         R"(31363 1795920915.467063 recvfrom(4<socket:[16664071]>, "\0\0\0\f\0000\"\\\37)"
         R"(7\n'\200\177\tAb", 100, 0, NULL, NULL) = 16 <0.046267>)"
         "\n"
         R"(31363 1795920915.513540 sendto(4<socket:[16664071]>, "\0\0\0\2OK", 6, 0, NUL)"
         R"(L, 0) = 6 <0.000057>)"
         "\n",
         sides::both},
        {"strace_of_vectors",
         R"(recvmsg(5, {msg_name=NULL, msg_iov=[{iov_base="\0\0\0\5", iov_len=4}, {iov_b)"
         R"(ase="Hello", iov_len=96}], msg_iovlen=2}, 0) = 9)"
         "\n"
         R"(read(5, "\0\0\0\f\0000\"\\\377\n'\200\177\tAb", 16) = 16
writev(5, [{iov_base="\0\0\0\2", iov_len=4}, {iov_base="OK", iov_len=2}], 2) = 6
)",
         sides::both},
        {"strace_of_a_client",
         R"(openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 4
read(4, "127.0.0.1 localhost\n", 4096) = 20
connect(3, {sa_family=AF_INET, sin_port=htons(47003), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
write(3, "\0\0\0\5Hello", 9)             = 9
write(3, "\0\0\0\f\0000\"\\\377\n'\200\177\tAb", 16) = 16
read(3, "\0\0\0\2OK", 100)              = 6
)",
         sides::both},
    };
}

namespace {

std::vector<sample> relays() {
    return {
        {"curl_trace", R"(02:55:42.626677 == Info:   Trying 127.0.0.1:47008...
02:55:42.626875 => Send data, 25 bytes (0x19)
0000: 00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22 ....Hello.....0"
0010: 5c ff 0a 27 80 7f 09 41 62                      \..'...Ab
02:55:42.628324 <= Recv data, 6 bytes (0x6)
0000: 00 00 00 02 4f 4b                               ....OK
02:55:42.628349 == Info: Connection #0 to host 127.0.0.1 left intact
)",
         sides::both},
        {"socat_x", R"(> 2026/11/29 02:55:28.000853359  length=9 from=0 to=8
 00 00 00 05 48 65 6c 6c 6f
> 2026/11/29 02:55:28.000903394  length=16 from=9 to=24
 00 00 00 0c 00 30 22 5c ff 0a 27 80 7f 09 41 62
< 2026/11/29 02:55:28.000903524  length=6 from=0 to=5
 00 00 00 02 4f 4b
)",
         sides::both},
        {"socat_x_v", R"(> 2026/11/29 02:55:35.000543639  length=9 from=0 to=8
 00 00 00 05 48 65 6c 6c 6f                       ....Hello
--
> 2026/11/29 02:55:35.000595894  length=16 from=9 to=24
 00 00 00 0c 00 30 22 5c ff 0a                    .....0"\..
 27 80 7f 09 41 62                                '...Ab
--
< 2026/11/29 02:55:35.000596121  length=6 from=0 to=5
 00 00 00 02 4f 4b                                ....OK
--
)",
         sides::both},
        {"nc_o", R"(> 00000000 00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22 # ....Hello.....0"
> 00000010 5c ff 0a 27 80 7f 09 41 62                      # \..'...Ab
< 00000000 00 00 00 02 4f 4b                               # ....OK
)",
         sides::both},
        {"ngrep_x",
         R"(input: c.pcap
filter: ((ip || ip6) || (vlan && (ip || ip6)))
####
T 127.0.0.1:40696 -> 127.0.0.1:47001 [AP] #4
)"
         R"(  00 00 00 05 48 65 6c 6c    6f                         ....Hello)"
         "       \n"
         R"(##
T 127.0.0.1:40696 -> 127.0.0.1:47001 [AP] #6
  00 00 00 0c 00 30 22 5c    ff 0a 27 80 7f 09 41 62    .....0"\..'...Ab
##
T 127.0.0.1:47001 -> 127.0.0.1:40696 [AP] #8
)"
         R"(  00 00 00 02 4f 4b                                     ....OK)"
         "          \n"
         R"(####exit
)",
         sides::both},
    };
}

std::vector<sample> rows_in_logs() {
    return {
        {"netty",
         R"(02:55:42.626 [nio-3-1] INFO LoggingHandler - [id: 0x51f2, L:/127.0.0.1:7000 )"
         R"(- R:/127.0.0.1:4069] READ: 25B)"
         "\n"
         R"(         +-------------------------------------------------+
         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
+--------+-------------------------------------------------+----------------+
|00000000| 00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22 |....Hello.....0"|
|00000010| 5c ff 0a 27 80 7f 09 41 62                      |\..'...Ab       |
+--------+-------------------------------------------------+----------------+
)"
         R"(02:55:42.628 [nio-3-1] INFO LoggingHandler - [id: 0x51f2, L:/127.0.0.1:7000 )"
         R"(- R:/127.0.0.1:4069] WRITE: 6B)"
         "\n"
         R"(         +-------------------------------------------------+
         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
+--------+-------------------------------------------------+----------------+
|00000000| 00 00 00 02 4f 4b                               |....OK          |
+--------+-------------------------------------------------+----------------+
)"
         R"(02:55:42.628 [nio-3-1] INFO LoggingHandler - [id: 0x51f2, L:/127.0.0.1:7000 )"
         R"(- R:/127.0.0.1:4069] FLUSH)"
         "\n",
         sides::both},
        {"netty_rows_alone",
         R"(|00000000| 00 00 00 05 48 65 6c 6c 6f 00 00 00 0c 00 30 22 |....Hello.....0"|
|00000010| 5c ff 0a 27 80 7f 09 41 62                      |\..'...Ab       |
)"},
        {"gdb_x",
         "0x555555558020 <buf>:\t0x00\t0x00\t0x00\t0x05\t0x48\t0x65\t0x6c\t0x6c\n"
         "0x555555558028 <buf+8>:\t0x6f\t0x00\t0x00\t0x00\t0x0c\t0x00\t0x30\t0x22\n"
         "0x555555558030 <buf+16>:\t0x5c\t0xff\t0x0a\t0x27\t0x80\t0x7f\t0x09\t0x41\n"
         "0x555555558038 <buf+24>:\t0x62\n"},
        {"transcript", R"(framing u32be
< 00 00 00 05 "Hello" 00 00 00 0c 00 "0\"\\" ff "\n'" 80 7f "\tAb"
= frame "Hello" at 0
> 00 00 00 02 "OK"
)",
         sides::both},
    };
}

}  // namespace

std::vector<sample> tools() {
    auto all = relays();
    for (auto& one : rows_in_logs()) all.push_back(std::move(one));
    return all;
}

}  // namespace framewire::tests::dump_samples
