#include "cli/output.hpp"

#include "framewire/core/units.hpp"
#include "io/descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <future>
#include <optional>
#include <string>

namespace framewire::output_tests {
namespace {

struct pipe_ends {
    owned_descriptor reading;
    owned_descriptor writing;
};

pipe_ends make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    return {owned_descriptor(ends[0]), owned_descriptor(ends[1])};
}

// Waits for `size` bytes, or for the end.
std::string read_all(int descriptor, std::size_t size = std::string::npos) {
    std::string all;
    std::array<char, 64 * KiB> some{};
    while (all.size() < size) {
        const auto got = ::read(descriptor, some.data(), std::min(some.size(), size - all.size()));
        if (got <= 0) break;
        all.append(some.data(), static_cast<std::size_t>(got));
    }
    return all;
}

std::size_t waiting_in(int descriptor) {
    int size = 0;
    EXPECT_EQ(::ioctl(descriptor, FIONREAD, &size), 0);
    return static_cast<std::size_t>(size);
}

struct outputs : testing::Test {
    pipe_ends pipe = make_pipe();
    std::optional<output> lines;

    void start(output::pace how = output::pace::own) {
        lines.emplace(pipe.writing.get(), how);
        ASSERT_TRUE(lines->start());
    }
    /// What is written, of which `size` bytes are expected. The output may end before it is: then
    /// its thread still uses the pipe.
    std::string finish(std::size_t size) {
        auto read =
            std::async(std::launch::async, [&] { return read_all(pipe.reading.get(), size); });
        lines.reset();
        auto all = read.get();
        EXPECT_EQ(waiting_in(pipe.reading.get()), 0U);
        return all;
    }
};

TEST_F(outputs, keep_their_order) {
    start();
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const auto line = std::to_string(i) + '\n';
        lines->write(line);
        expected += line;
    }
    EXPECT_EQ(finish(expected.size()), expected);
}

TEST_F(outputs, are_written_without_being_asked_again) {
    start();
    lines->write("line\n");
    EXPECT_EQ(read_all(pipe.reading.get(), 5), "line\n");
}

TEST_F(outputs, in_step_are_written_when_the_caller_continues) {
    start(output::pace::in_step);
    for (std::size_t written = 5; written < 100; written += 5) {
        lines->write("line\n");
        EXPECT_EQ(waiting_in(pipe.reading.get()), written);
    }
}

TEST_F(outputs, that_nobody_reads_leave_whole_lines_out_and_say_how_many) {
    start();
    const std::string line(MiB - 1, 'x');
    constexpr std::size_t kept = 16;
    for (std::size_t i = 0; i < kept + 5; ++i) lines->write(line + '\n');
    lines->write("two\nlines\n");
    std::string expected;
    for (std::size_t i = 0; i < kept; ++i) expected += line + '\n';
    expected += "# 7 lines left out: nobody read them in time\n";
    EXPECT_TRUE(finish(expected.size()) == expected);
}

TEST_F(outputs, that_are_read_again_say_first_what_is_missing) {
    start();
    const std::string line(MiB - 1, 'x');
    for (int i = 0; i < 17; ++i) lines->write(line + '\n');
    ASSERT_EQ(read_all(pipe.reading.get(), 15 * MiB).size(), 15 * MiB);
    lines->write("next\n");
    const std::string note = "# 1 line left out: nobody read them in time\nnext\n";
    EXPECT_EQ(finish(MiB + note.size()).substr(MiB), note);
}

TEST_F(outputs, end_while_nobody_reads) {
    start();
    lines->write(std::string(MiB, 'x') + '\n');
    lines.reset();
    // The thread has outlived the output, and ends here.
    EXPECT_EQ(read_all(pipe.reading.get(), MiB + 1).size(), MiB + 1);
}

TEST_F(outputs, have_a_budget_for_what_peers_cause) {
    start();
    ASSERT_TRUE(lines->admits());
    lines->charge(1024 * MiB);
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(lines->admits());
    lines->write("of the log\n");
    const std::string expected = "of the log\n# 3 lines left out: more than 1 MiB in a second\n";
    EXPECT_EQ(finish(expected.size()), expected);
}

TEST_F(outputs, that_fail_stop_nobody) {
    (void)pipe.reading.close();
    start();
    for (int i = 0; i < 1000; ++i) lines->write("line\n");
    lines.reset();
}

}  // namespace
}  // namespace framewire::output_tests
