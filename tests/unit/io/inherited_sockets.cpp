#include "framewire/io/inherited_sockets.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <cstdlib>
#include <string>

namespace framewire::inherited_sockets_tests {
namespace {

class inherited_sockets : public testing::Test {
protected:
    static void announce(const std::string& count, const std::string& names = "",
                         const std::string& owner = std::to_string(::getpid())) {
        ::setenv("LISTEN_FDS", count.c_str(), 1);
        ::setenv("LISTEN_PID", owner.c_str(), 1);
        if (!names.empty()) ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
    }
    void TearDown() override {
        for (const char* one : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) ::unsetenv(one);
    }
};

TEST_F(inherited_sockets, none_are_announced) {
    const auto found = take_inherited_sockets();
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->empty());
}

TEST_F(inherited_sockets, are_taken_once_with_their_names) {
    // From 3 on, whatever the test has open there.
    const int copies[] = {::fcntl(STDIN_FILENO, F_DUPFD, 3), ::fcntl(STDIN_FILENO, F_DUPFD, 3)};
    announce("2", "web:mllp");
    const auto found = take_inherited_sockets();
    ASSERT_TRUE(found) << found.error().message();
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->at(0).descriptor, 3);
    EXPECT_EQ(found->at(0).name, "web");
    EXPECT_EQ(found->at(1).descriptor, 4);
    EXPECT_EQ(found->at(1).name, "mllp");
    EXPECT_EQ(::fcntl(4, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
    EXPECT_TRUE(take_inherited_sockets()->empty());
    for (const int one : copies) ::close(one);
}

TEST_F(inherited_sockets, fewer_names_than_sockets) {
    const int copies[] = {::fcntl(STDIN_FILENO, F_DUPFD, 3), ::fcntl(STDIN_FILENO, F_DUPFD, 3)};
    announce("2", "web");
    const auto found = take_inherited_sockets();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at(1).name, "");
    for (const int one : copies) ::close(one);
}

TEST_F(inherited_sockets, those_of_another_process_are_left) {
    announce("2", "", "1");
    const auto found = take_inherited_sockets();
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->empty());
}

TEST_F(inherited_sockets, nonsense_is_refused) {
    for (const char* count : {"x", "-1", "", "99999999999"}) {
        announce(count);
        EXPECT_FALSE(take_inherited_sockets()) << count;
    }
    announce("2000");
    const auto found = take_inherited_sockets();
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().words.find("descriptor"), std::string::npos) << found.error().words;
}

}  // namespace
}  // namespace framewire::inherited_sockets_tests
