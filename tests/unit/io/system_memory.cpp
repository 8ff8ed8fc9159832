#include "io/system_memory.hpp"

#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <limits>

namespace framewire::tests::system_memory_tests {
namespace {

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

// A tree of files as the system shows control groups.
class group_files {
public:
    explicit group_files(const std::string& own) { write("proc/self/cgroup", own); }
    ~group_files() { std::filesystem::remove_all(root_); }
    group_files(const group_files&) = delete;
    group_files& operator=(const group_files&) = delete;

    group_files& write(const std::string& path, const std::string& text) {
        const std::filesystem::path at = root_ + "/" + path;
        std::filesystem::create_directories(at.parent_path());
        std::ofstream(at) << text;
        return *this;
    }
    [[nodiscard]] std::uint64_t limit() const { return memory_of_groups(root_); }

private:
    const std::string root_ = scratch_path("groups").text();
};

TEST(system_memory, of_a_group_of_version_2_and_those_above) {
    group_files files("0::/system/ours\n");
    EXPECT_EQ(files.limit(), unlimited);
    files.write("sys/fs/cgroup/system/ours/memory.max", "max\n");
    EXPECT_EQ(files.limit(), unlimited);
    files.write("sys/fs/cgroup/system/memory.max", "2000\n");
    EXPECT_EQ(files.limit(), 2000U);
    files.write("sys/fs/cgroup/system/ours/memory.max", "1000\n");
    EXPECT_EQ(files.limit(), 1000U);
}

TEST(system_memory, of_a_group_of_version_1) {
    group_files files("4:cpu,cpuacct:/x\n3:hugetlb,memory:/ours\n");
    files.write("sys/fs/cgroup/memory/ours/memory.limit_in_bytes", "3000\n");
    files.write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "1\n");
    EXPECT_EQ(files.limit(), 3000U);
}

TEST(system_memory, of_a_container_that_does_not_see_its_group) {
    group_files two("0::/docker/abc\n");
    EXPECT_EQ(two.write("sys/fs/cgroup/memory.max", "5000\n").limit(), 5000U);
    group_files one("7:memory:/docker/abc\n");
    EXPECT_EQ(one.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "6000\n").limit(), 6000U);
}

TEST(system_memory, what_cannot_be_read_sets_no_limit) {
    for (const char* own : {"", "x", "0::", "::::", "1:memory\n", "0::relative\n"}) {
        const group_files files(own);
        EXPECT_EQ(files.limit(), unlimited) << own;
    }
    EXPECT_EQ(memory_of_groups("/nonexistent"), unlimited);
}

TEST(system_memory, there_is_some) {
    EXPECT_GT(usable_memory(), 1'000'000U);
    EXPECT_LT(usable_memory(), unlimited);
}

}  // namespace
}  // namespace framewire::tests::system_memory_tests
