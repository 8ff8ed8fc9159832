#include "store.hpp"

#include "store_writer.hpp"

#include <fmt/format.h>
#include <sys/statfs.h>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

// Memory is the disk of these (statfs(2)).
constexpr long tmpfs_magic = 0x01021994;
constexpr long ramfs_magic = 0x858458f6;

durability durability_of(const std::string& path) {
    struct statfs found {};
    if (::statfs(path.c_str(), &found) != 0) return durability::power_fail;
    const auto type = static_cast<long>(found.f_type);
    const bool is_memory = type == tmpfs_magic || type == ramfs_magic;
    return is_memory ? durability::process_crash : durability::power_fail;
}

}  // namespace

std::string_view durability_name(durability of) noexcept {
    if (of == durability::replicated) return "replicated";
    return of == durability::power_fail ? "power-fail" : "process-crash";
}

store::store(std::unique_ptr<store_writer> writer) : writer_(std::move(writer)) {}

store::~store() = default;

result<std::shared_ptr<store>> store::open(const std::string& path, store_settings settings) {
    auto file = store_file::open(path, settings.must_exist, settings.accepts_loss);
    if (!file) return tl::unexpected(file.error());
    try {
        return std::shared_ptr<store>(new store(std::make_unique<store_writer>(
            std::move(*file), std::move(settings), durability_of(path))));
    } catch (const std::system_error& thrown) {
        return tl::unexpected(failure{fmt::format("cannot start a thread: {}", thrown.what())});
    }
}

void store::append(store_request request) { writer_->append(std::move(request)); }

void store::run(std::function<void(store_file&)> task) { writer_->run(0, std::move(task)); }

void store::when_stored(std::uint64_t offset, std::function<void(store_file&)> task) {
    writer_->run(offset, std::move(task));
}

store_statistics store::statistics() const { return writer_->statistics(); }

}  // namespace framewire
