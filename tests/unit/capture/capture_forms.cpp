#include "capture_forms.hpp"

#include "captured_talk.hpp"
#include "scratch_path.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace framewire::capture_forms_tests {
namespace {

using namespace tests;

// Every form of the same conversation gives the same pieces.
const std::string same_pieces = "client[" + std::string(hello_message) + "] server[" +
                                std::string(ok_message) + "] client.fin server.fin";

class capture_form_of : public testing::TestWithParam<capture_form> {};

TEST_P(capture_form_of, gives_the_same_pieces) {
    const auto& form = GetParam();
    pcap_writer old_file(form.link_type);
    pcapng_writer new_file(form.link_type);
    for (const auto& datagram : conversation_datagrams(form.is_ipv6, 1)) {
        for (const auto& record : form.wrap(datagram)) {
            old_file.add(record);
            new_file.add(record);
        }
    }
    EXPECT_EQ(text_of(collect(old_file.done())), same_pieces);
    EXPECT_EQ(text_of(collect(new_file.done())), same_pieces);
}

// Cut anywhere, a record gives a segment or none; sanitizers see what is read behind its end.
TEST_P(capture_form_of, may_be_cut_anywhere) {
    const auto& form = GetParam();
    const auto datagrams = conversation_datagrams(form.is_ipv6, 1);
    for (const auto& record : form.wrap(datagrams.at(2))) {
        for (std::size_t size = 0; size < record.size(); ++size) {
            pcap_writer file(form.link_type);
            file.add(record, {.cut_to = size});
            EXPECT_TRUE(collect(file.done())) << size;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(all, capture_form_of, testing::ValuesIn(capture_forms()),
                         [](const auto& form) { return form.param.name; });

// What Wireshark 4.0 leaves out.
bool is_read_by_us_alone(const capture_form& form) {
    constexpr std::array<std::string_view, 4> names{"vxlan_of_linux", "pppd", "mpls_link",
                                                    "cisco_hdlc_with_direction"};
    return std::ranges::find(names, form.name) != names.end();
}

// All forms as interfaces of one file, each with a client of its own.
std::string every_form() {
    std::vector<std::size_t> links;
    std::uint8_t number = 0;
    auto file = pcapng_writer::without_interfaces();
    for (const auto& form : capture_forms()) {
        if (is_read_by_us_alone(form)) continue;
        file.add_interface(form.link_type, 65'536U + number);
        for (const auto& datagram : conversation_datagrams(form.is_ipv6, number + 1)) {
            for (const auto& record : form.wrap(datagram)) file.add_on(number, record);
        }
        ++number;
    }
    return file.done();
}

// By the number of a record: the stream, and the payload in hexadecimal digits.
using found_payloads = std::map<std::uint64_t, std::pair<std::size_t, std::string>>;

std::string hex(std::string_view data) {
    std::string out;
    for (const char byte : data) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

found_payloads payloads_of(const std::string& content) {
    found_payloads found;
    const auto all = collect(content);
    if (!all) return found;
    for (std::size_t number = 0; number < all->pieces.size(); ++number) {
        for (const auto& piece : all->pieces[number]) {
            if (piece.what == captured_piece::kind::data) {
                found[piece.packet] = {number, hex(piece.data)};
            }
        }
    }
    return found;
}

found_payloads payloads_by_tshark(const std::string& path) {
    found_payloads found;
    const auto command = "tshark -n -r " + path +
                         " -Y tcp.payload -T fields -e frame.number -e tcp.stream -e tcp.payload "
                         "2>/dev/null";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> program(::popen(command.c_str(), "r"),
                                                                  ::pclose);
    std::string output;
    for (int next = std::fgetc(program.get()); next != EOF; next = std::fgetc(program.get())) {
        output += static_cast<char>(next);
    }
    std::istringstream lines(output);
    std::uint64_t packet = 0;
    std::size_t stream = 0;
    std::string payload;
    while (lines >> packet >> stream >> payload) found[packet] = {stream, payload};
    return found;
}

TEST(capture_forms, are_streams_of_one_file_with_many_interfaces) {
    constexpr std::size_t read_by_us_alone = 4;
    EXPECT_EQ(payloads_of(every_form()).size(), 2 * (capture_forms().size() - read_by_us_alone));
}

TEST(capture_forms, are_numbered_and_read_as_by_tshark) {
    if (std::system("tshark --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no tshark";
    const auto content = every_form();
    const scratch_path path("forms.pcapng");
    std::ofstream(path.text(), std::ios::binary) << content;
    const auto ours = payloads_of(content);
    const auto theirs = payloads_by_tshark(path.text());
    EXPECT_EQ(ours.size(), theirs.size());
    for (const auto& [packet, payload] : ours) {
        const auto found = theirs.find(packet);
        EXPECT_TRUE(found != theirs.end() && found->second == payload)
            << "packet " << packet << " of stream " << payload.first;
    }
}

}  // namespace
}  // namespace framewire::capture_forms_tests
