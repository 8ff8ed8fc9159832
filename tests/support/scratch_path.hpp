#pragma once

#include <gtest/gtest.h>
#include <unistd.h>
#include <string>

namespace framewire::tests {

/// A path with nothing at it; what is there at the end is removed.
class scratch_path {
public:
    explicit scratch_path(const std::string& name)
        : path_(testing::TempDir() + "framewire_" + std::to_string(::getpid()) + "_" + name) {
        ::unlink(path_.c_str());
    }
    scratch_path(const scratch_path&) = delete;
    scratch_path& operator=(const scratch_path&) = delete;
    ~scratch_path() { ::unlink(path_.c_str()); }

    [[nodiscard]] const std::string& text() const noexcept { return path_; }
    /// As the address of a local socket.
    [[nodiscard]] std::string address() const { return "unix:" + path_; }

private:
    std::string path_;
};

}  // namespace framewire::tests
