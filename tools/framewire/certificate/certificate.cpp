#include "certificate.hpp"

#include "cli/file.hpp"
#include "cli/print.hpp"
#include "framewire/core/units.hpp"
#include "io/descriptor.hpp"
#include "issue.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

namespace framewire {
namespace {

constexpr std::uint64_t days_max = 36'500;
constexpr std::uint64_t pem_bytes_max = 64 * KiB;
constexpr std::size_t name_bytes_max = 64;  // of a subject's common name (RFC 5280, appendix A.1)

struct certificate_options {
    std::vector<std::string> names;
    std::string folder = ".";
    std::uint64_t days = 30;
};

bool is_name(const std::string& name) {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:*";
    return !name.empty() && name.size() <= name_bytes_max && name.front() != '.' &&
           name.front() != '-' && name.find_first_not_of(allowed) == std::string::npos;
}

// Colons and stars would be a nuisance in a shell.
std::string file_name_of(std::string name) {
    std::ranges::replace_if(
        name, [](char c) { return c == ':' || c == '*'; }, '_');
    return name;
}

result<void> write_new(const std::string& path, const std::string& content, mode_t mode) {
    const auto failed = [&] {
        return tl::unexpected(
            failure{fmt::format("cannot write '{}': {}", path, system_words(errno)),
                    errno == EEXIST ? "remove it, or give another --folder" : ""});
    };
    const owned_descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return failed();
    if (!write_all(file.get(), content)) return failed();
    return {};
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

/// The certificates of a folder: one authority, and those that it has signed.
class certificate_folder {
public:
    explicit certificate_folder(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] std::string at(std::string_view name) const {
        return path_ == "." ? std::string(name) : fmt::format("{}/{}", path_, name);
    }

    // The key first: a certificate without its key is of no use, and is not there.
    result<void> write(const std::string& name, const issued& one) const {
        if (exists(at(name + ".pem"))) {
            errno = EEXIST;
            return write_new(at(name + ".pem"), {}, 0);
        }
        return write_new(at(name + ".key"), one.key, S_IRUSR | S_IWUSR).and_then([&] {
            constexpr mode_t readable = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
            return write_new(at(name + ".pem"), one.certificate, readable);
        });
    }

    [[nodiscard]] result<issued> authority(std::uint64_t days) const {
        if (!exists(at("ca.pem"))) {
            auto made = issue_authority(days);
            if (!made) return made;
            return write("ca", *made).map([&] { return *std::move(made); });
        }
        auto certificate = read_file(at("ca.pem"), pem_bytes_max);
        if (!certificate) return tl::unexpected(certificate.error());
        auto key = read_file(at("ca.key"), pem_bytes_max);
        if (!key) return tl::unexpected(key.error());
        return issued{*std::move(certificate), *std::move(key)};
    }

private:
    std::string path_;
};

int fail(const failure& why) {
    report("certificate", why);
    return status_failed;
}

int run_certificate(const certificate_options& options) {
    if (options.names.empty()) {
        throw usage_error({"a certificate for which name?", "such as localhost 127.0.0.1"});
    }
    for (const auto& name : options.names) {
        if (is_name(name)) continue;
        throw usage_error({fmt::format("'{}' is neither a DNS name nor an IP address", name), ""});
    }
    if (options.days > days_max) throw usage_error({fmt::format("--days: at most {}", days_max)});
    const auto file = file_name_of(options.names.front());
    if (file == "ca") throw usage_error({"ca.pem is the certificate of the authority", ""});

    const certificate_folder folder(options.folder);
    // An expired certificate has a valid authority: what is tried out is one fault, not two.
    const auto authority = folder.authority(std::max<std::uint64_t>(options.days, 1));
    if (!authority) return fail(authority.error());
    const auto made = issue_certificate(options.names, options.days, *authority);
    if (!made) {
        return fail({fmt::format("{}: {}", folder.at("ca.pem"), made.error().words),
                     "remove ca.pem and ca.key to begin again"});
    }
    if (const auto written = folder.write(file, *made); !written) return fail(written.error());
    const auto pem = folder.at(file + ".pem");
    const auto key = folder.at(file + ".key");
    const auto ca = folder.at("ca.pem");
    const auto time = options.days == 0 ? "expired" : fmt::format("for {} days", options.days);
    print(
        fmt::format("{0} and {1}, signed by {2}: for trying out only, {3}\n"
                    "  framewire serve walkthrough --tls-cert {0} --tls-key {1}\n"
                    "  framewire connect walkthrough --tls --tls-ca {2} --tls-name {4}\n",
                    pem, key, ca, time, options.names.front()));
    return status_done;
}

constexpr const char* notes =
    "NAMEs are DNS names and IP addresses; the first names the files. NAME.pem is the "
    "certificate, NAME.key its private key, which only its owner can read. A server and a client "
    "can use it. It is signed by ca.pem, which is made first if there is none, together with "
    "ca.key. Nothing is overwritten.\n\n"
    "Whoever has ca.key can issue certificates for every name: do not let a system trust ca.pem.";

}  // namespace

command add_certificate(command_page& page) {
    const auto options = std::make_shared<certificate_options>();
    page.words(options->names);
    page.text("--folder", options->folder, "PATH", "write the files to this folder");
    page.number("--days", options->days,
                "let the certificate expire after N days; 0: it has expired");
    page.notes(notes);
    page.describe("certificate NAME... [OPTIONS]",
                  "  framewire certificate localhost 127.0.0.1 ::1\n"
                  "  framewire certificate alice --days 1\n"
                  "The certificates are for trying out TLS. Nothing is overwritten.");
    return [options](std::vector<std::string> messages) {
        options->names.insert(options->names.end(), messages.begin(), messages.end());
        return run_certificate(*options);
    };
}

}  // namespace framewire
