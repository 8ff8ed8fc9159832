#include "framewire/net/client.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace framewire::tests::local_sockets_tests {
namespace {

std::string reply_of(const std::string& address) {
    auto peer = client::connect(address, "digits:10");
    if (!peer) return peer.error().message();
    const auto reply = peer->request("Hello");
    return reply ? *reply : reply.error().message();
}

TEST(local_sockets, a_peer_has_the_credentials_of_its_process) {
    const scratch_path path("credentials");
    std::promise<std::optional<peer_credentials>> found;
    const service_factory noting([&](const peer& who) {
        found.set_value(who.credentials);
        return service_named("echo")(who);
    });
    const running_server serving({}, {.service = noting, .address = path.address()});
    EXPECT_EQ(reply_of(path.address()), "Hello");
    const peer_credentials ours{::getuid(), ::getgid(), ::getpid()};
    EXPECT_EQ(found.get_future().get(), ours);
}

TEST(local_sockets, others_have_none) {
    std::promise<std::optional<peer_credentials>> found;
    const service_factory noting([&](const peer& who) {
        found.set_value(who.credentials);
        return service_named("echo")(who);
    });
    const running_server serving({}, {.service = noting});
    EXPECT_EQ(serving.connect().request("Hello"), digits_frame("Hello"));
    EXPECT_EQ(found.get_future().get(), std::nullopt);
}

TEST(local_sockets, an_abstract_name_needs_no_file) {
    const auto address = "unix:@framewire_" + std::to_string(::getpid());
    {
        const running_server serving({.threads = 2}, {.address = address});
        EXPECT_EQ(serving.local().text(), address);
        EXPECT_EQ(reply_of(address), "Hello");
        const auto second = server::listen(address, "line", service_named("echo"));
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().message(), "cannot listen on " + address + ": address in use");
    }
    const running_server next({}, {.address = address});
    EXPECT_EQ(reply_of(address), "Hello");
}

// Only root can give a file to somebody else.
TEST(local_sockets, the_file_has_an_owner_and_a_group) {
    const scratch_path path("owned");
    const bool is_root = ::geteuid() == 0;
    const uid_t owner = is_root ? 65'534 : ::geteuid();
    const gid_t group = is_root ? 65'534 : ::getegid();
    const auto address = path.address() + ",mode=620,owner=" + std::to_string(owner) +
                         ",group=" + std::to_string(group);
    const running_server serving({}, {.address = address});
    struct stat status {};
    ASSERT_EQ(::lstat(path.text().c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, owner);
    EXPECT_EQ(status.st_gid, group);
    EXPECT_EQ(status.st_mode & 07777U, 0620U);
}

TEST(local_sockets, users_and_groups_are_found_by_name) {
    const scratch_path path("named");
    const auto unknown_user =
        server::listen(path.address() + ",owner=no-such-user", "line", service_named("echo"));
    ASSERT_FALSE(unknown_user);
    EXPECT_EQ(unknown_user.error().message(),
              path.address() + ",owner=no-such-user: there is no user 'no-such-user'");
    EXPECT_FALSE(
        server::listen(path.address() + ",group=no-such-group", "line", service_named("echo")));
    if (::geteuid() != 0) return;
    EXPECT_TRUE(
        server::listen(path.address() + ",owner=root,group=root", "line", service_named("echo")));
}

TEST(local_sockets, a_client_gives_no_file_away) {
    EXPECT_EQ(reply_of("unix:/nowhere,group=root"),
              "unix:/nowhere,group=root: only a server can set mode, owner or group");
}

}  // namespace
}  // namespace framewire::tests::local_sockets_tests
