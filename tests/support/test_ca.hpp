#pragma once

#include "framewire/transport/tls.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace framewire::tests {

/// What a certificate says, valid from one day to another, counted from today.
struct certificate_of {
    std::string subject = "server";               ///< its CN
    std::vector<std::string> names{"localhost"};  ///< or `IP:127.0.0.1`
    int from_day = -1;
    int to_day = 1;
};

/// A CA for tests, whose files are gone when it is.
class test_ca {
public:
    explicit test_ca(const std::string& subject = "test CA");
    test_ca(const test_ca&) = delete;
    test_ca& operator=(const test_ca&) = delete;
    ~test_ca();

    [[nodiscard]] std::string file() const { return (folder_ / "ca.pem").string(); }
    /// Writes a certificate and its key.
    [[nodiscard]] tls_certificate issue(const certificate_of& what = {});
    /// Writes it to the files of another one.
    void issue(const certificate_of& what, const tls_certificate& over);
    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_ / name).string();
    }

private:
    std::string subject_;
    std::filesystem::path folder_;
    int issued_ = 0;
};

}  // namespace framewire::tests
