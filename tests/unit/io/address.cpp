#include "framewire/io/address.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

namespace framewire::tests::address_tests {
namespace {

TEST(address_form, accepted) {
    struct row {
        std::string_view text;
        std::string_view host;
        std::uint16_t port;
        std::string_view path;
    };
    const std::vector<row> rows{
        {"127.0.0.1:7000", "127.0.0.1", 7000, ""},
        {"localhost:1", "localhost", 1, ""},
        {"a-b.example:65535", "a-b.example", 65535, ""},
        {":7000", "", 7000, ""},
        {":0", "", 0, ""},
        {"*:7000", "*", 7000, ""},
        {"[::1]:7000", "::1", 7000, ""},
        {"[::]:0", "::", 0, ""},
        {"[fe80::1%eth0]:7", "fe80::1%eth0", 7, ""},
        {"[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", 80, ""},
        {"unix:/run/x.sock", "", 0, "/run/x.sock"},
        {"unix:relative", "", 0, "relative"},
        {"unix:/with:colon", "", 0, "/with:colon"},
        {"unix:/with,comma", "", 0, "/with,comma"},
        {"unix:/p,mode=660", "", 0, "/p"},
        {"unix:/p,mode=007", "", 0, "/p"},
        {"unix:/p,mode=1,mode=777", "", 0, "/p,mode=1"},
        {"unix:/p,owner=www-data", "", 0, "/p"},
        {"unix:/p,mode=660,owner=1000,group=adm", "", 0, "/p"},
        {"unix:/p,group=a,group=b", "", 0, "/p,group=a"},
        {"unix:@name", "", 0, "@name"},
        {"unix:./@name", "", 0, "./@name"},
    };
    for (const auto& row : rows) {
        const auto parsed = address::parse(row.text);
        ASSERT_TRUE(parsed) << row.text;
        EXPECT_EQ(parsed->host, row.host) << row.text;
        EXPECT_EQ(parsed->port, row.port) << row.text;
        EXPECT_EQ(parsed->path, row.path) << row.text;
        EXPECT_EQ(parsed->is_local(), !row.path.empty()) << row.text;
        EXPECT_EQ(parsed->text(), row.text);
        EXPECT_TRUE(address::has_form(row.text)) << row.text;
    }
}

TEST(address_form, options_of_a_file_come_in_any_order) {
    const auto parsed = address::parse("unix:/p,group=adm,mode=660,owner=root");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->path, "/p");
    EXPECT_EQ(parsed->mode, 0660);
    EXPECT_EQ(parsed->owner, "root");
    EXPECT_EQ(parsed->group, "adm");
    EXPECT_EQ(parsed->text(), "unix:/p,mode=660,owner=root,group=adm");
    for (const auto* const text :
         {"unix:@", "unix:@name,mode=660", "unix:@name,owner=root",
          "unix:/p,owner=", "unix:/p,group=", "unix:,owner=root", "unix:/p,mode=6,owner=root"}) {
        EXPECT_FALSE(address::parse(text)) << text;
    }
}

TEST(address_form, refused) {
    const std::vector<std::string_view> rows{"",
                                             "localhost",
                                             "7000",
                                             ":",
                                             "localhost:",
                                             "localhost:http",
                                             ":65536",
                                             ":99999999",
                                             ":-1",
                                             ":+1",
                                             ": 1",
                                             ":1 ",
                                             ":0x1",
                                             ":1_0",
                                             ":\xD9\xA1",
                                             "::1:7000",
                                             "::1",
                                             "[::1]",
                                             "[::1]7000",
                                             "[]:7000",
                                             "[::1:7000",
                                             "::1]:7000",
                                             "unix:",
                                             "a:b:1",
                                             "[::1]]:1",
                                             "[[::1]:1",
                                             "[::1][::1]:1",
                                             "[::1]:1:2",
                                             "x[::1]:1",
                                             "[::1]x:1",
                                             "[::1]:",
                                             ":7000:",
                                             "1.2.3.4:1.5",
                                             "1.2.3.4:1e1",
                                             "unix:/p,mode=",
                                             "unix:/p,mode=66",
                                             "unix:/p,mode=0660",
                                             "unix:/p,mode=668",
                                             "unix:/p,mode=-66",
                                             "unix:/p,mode=66 ",
                                             "unix:,mode=660"};
    for (const auto text : rows) {
        const auto parsed = address::parse(text);
        ASSERT_FALSE(parsed) << text << " was read as " << parsed->text();
        EXPECT_NE(parsed.error().message().find(text), std::string::npos);
        EXPECT_FALSE(parsed.error().hint.empty());
    }
}

TEST(address_form, the_mode_is_octal) {
    EXPECT_EQ(address::parse("unix:/p,mode=660")->mode, 0660);
    EXPECT_EQ(address::parse("unix:/p")->mode, std::nullopt);
}

// Names of protocols, messages and options are not taken for addresses; addresses with a mistake
// are.
TEST(address_form, has_form) {
    for (const std::string_view text : {"127.0.0.1:99999", "localhost:http", "::1:7",
                                        "unix:", "[]:1", "unix:/a b", "host:12x"}) {
        EXPECT_TRUE(address::has_form(text)) << text;
    }
    for (const std::string_view text : {"", "echo", "walkthrough", "hello there: 5", "7000",
                                        "a sentence:with blanks", "--quiet", "/run/x.sock"}) {
        EXPECT_FALSE(address::has_form(text)) << text;
    }
}

TEST(endpoint_text, is_read_back_by_parse) {
    const std::vector<endpoint> all{{"127.0.0.1", 80},
                                    {"::1", 80, endpoint::family::ipv6},
                                    {"/run/x.sock", 0, endpoint::family::local}};
    for (const auto& one : all) {
        const auto parsed = address::parse(one.text());
        ASSERT_TRUE(parsed) << one.text();
        EXPECT_EQ(parsed->text(), one.text());
    }
}

}  // namespace
}  // namespace framewire::tests::address_tests
