#include "disk.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace framewire::durability_rig {
namespace {

constexpr std::uint64_t sector = 512;

bool toss(std::mt19937_64& random, unsigned percent) { return random() % 100 < percent; }

void write(std::string& into, std::uint64_t at, std::string_view data) {
    if (into.size() < at + data.size()) into.resize(at + data.size());
    into.replace(at, data.size(), data);
}

// Calls `take` with the parts of a write that are in one sector each.
template <class Take>
void for_each_sector(std::uint64_t at, std::string_view data, Take take) {
    while (!data.empty()) {
        const auto size = std::min<std::uint64_t>(sector - at % sector, data.size());
        take(at, data.substr(0, size));
        at += size;
        data.remove_prefix(size);
    }
}

}  // namespace

disk disk::of(const std::filesystem::path& folder) {
    disk one;
    for (std::size_t file = 0; file < file_names.size(); ++file) {
        std::ifstream from(folder / file_names.at(file), std::ios::binary);
        if (!from) continue;
        one.names_[file] = one.contents_.size();
        one.contents_.push_back({std::string(std::istreambuf_iterator<char>(from), {}), {}});
    }
    one.flushed_names_ = one.names_;
    return one;
}

void disk::apply(const record& done, std::string_view data) {
    const auto file = static_cast<std::size_t>(done.file);
    using kind = record::kind;
    if (done.file == file_of::folder && done.what == kind::flushed) return flush_names();
    if (file >= file_names.size()) return;
    if (done.what == kind::made) {
        names_[file] = contents_.size();
        pending_names_.push_back({file, contents_.size()});
        contents_.emplace_back();
        return;
    }
    const auto found = names_.find(file);
    if (found == names_.end()) return;
    auto& of = contents_.at(found->second);
    switch (done.what) {
        case kind::removed:
            pending_names_.push_back({file, std::nullopt});
            names_.erase(found);
            break;
        case kind::written: of.changes.push_back({data, done.at}); break;
        case kind::truncated: of.changes.push_back({std::nullopt, done.at}); break;
        case kind::flushed: flush(of); break;
        case kind::failed:
            for (auto& one : of.changes) {
                if (one.is == fate::pending) one.is = fate::doubtful;
            }
            break;
        default: break;
    }
}

void disk::flush(content& one) {
    bool is_certain = true;
    for (auto& change : one.changes) {
        if (change.is == fate::pending) change.is = fate::certain;
        is_certain = is_certain && change.is == fate::certain;
    }
    // Behind one that is doubtful, the order of all of them matters.
    if (!is_certain) return;
    for (const auto& change : one.changes) apply(change, one.flushed);
    one.changes.clear();
}

void disk::apply(const change& one, std::string& to) {
    if (one.data) {
        write(to, one.at, *one.data);
    } else {
        to.resize(one.at);
    }
}

void disk::flush_names() {
    flushed_names_ = names_;
    pending_names_.clear();
}

disk_state disk::after_power_cut(std::mt19937_64& random) const {
    const auto how = static_cast<loss>(random() % 7);
    auto names = flushed_names_;
    for (const auto& one : pending_names_) {
        if (how == loss::all || (how != loss::nothing && toss(random, 50))) continue;
        if (one.content) {
            names[one.file] = *one.content;
        } else {
            names.erase(one.file);
        }
    }
    disk_state left;
    for (const auto& [file, content] : names) {
        left[file] = read_back(contents_.at(content), how, random);
    }
    return left;
}

std::string disk::read_back(const content& of, loss how, std::mt19937_64& random) const {
    auto text = of.flushed;
    const auto count = of.changes.size();
    const auto chosen = count == 0 ? 0 : random() % count;
    const auto percent = static_cast<unsigned>(std::array{10, 50, 90}.at(random() % 3));
    std::uint64_t size = text.size();  // if everything that sets a size had been done
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = of.changes[i];
        bool is_kept = true;
        bool is_torn = how == loss::sectors;
        switch (how) {
            case loss::all: is_kept = false; break;
            case loss::changes: is_kept = toss(random, 50); break;
            case loss::tail:
                is_kept = i <= chosen;
                is_torn = i == chosen;
                break;
            case loss::all_but_one: is_kept = i != chosen; break;
            case loss::one:
                is_kept = i == chosen;
                is_torn = toss(random, 50);
                break;
            default: break;
        }
        if (!one.data || one.is == fate::certain) {
            if (is_kept || one.is == fate::certain) apply(one, text);
            size = one.data ? std::max<std::uint64_t>(size, one.at + one.data->size()) : one.at;
            continue;
        }
        size = std::max<std::uint64_t>(size, one.at + one.data->size());
        if (!is_kept) continue;
        for_each_sector(one.at, *one.data, [&](std::uint64_t at, std::string_view part) {
            if (!is_torn || toss(random, percent)) write(text, at, part);
        });
    }
    // A file may have its size before it has what was written.
    if (how != loss::all && text.size() < size && toss(random, 30)) text.resize(size);
    return text;
}

}  // namespace framewire::durability_rig
