// power_cuts TRACE STATES SEED FOLDER [--from FOLDER] [--leave FOLDER] [--keep N]
//
// Cuts the power at STATES moments of a recorded run, and opens what the disk may have then. What
// had been acknowledged must be there once, nothing may be damaged, and the store must open.

#include "disk.hpp"

#include "store/store_file.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace framewire::durability_rig {
namespace {

constexpr std::size_t shown_max = 5;
constexpr std::string_view lost_word = "is lost";

/// A message's id, by its offset.
using messages = std::map<std::uint64_t, std::string>;

struct options {
    std::string trace, folder, from, leave;
    std::uint64_t states = 0, seed = 0, keep = 0;
};

struct happened {
    record what;
    std::string_view data;
};

std::vector<happened> read_trace(std::string_view text) {
    std::vector<happened> all;
    while (text.size() >= sizeof(record)) {
        happened one{};
        std::memcpy(&one.what, text.data(), sizeof one.what);
        text.remove_prefix(sizeof one.what);
        if (text.size() < one.what.size) break;  // the process was killed while it noted this
        one.data = text.substr(0, one.what.size);
        text.remove_prefix(one.what.size);
        all.push_back(one);
    }
    return all;
}

/// Acknowledgements, `<OFFSET ID>`, which may leave in parts.
class acknowledgements {
public:
    void apply(const record& sent, std::string_view data) {
        auto& text = unread_[sent.at];
        text += data;
        while (true) {
            const auto begin = text.find('<');
            const auto end = text.find('>', begin);
            if (begin == std::string::npos || end == std::string::npos) break;
            add(std::string_view(text).substr(begin + 1, end - begin - 1));
            text.erase(0, end + 1);
        }
    }

    void add(std::string_view text) {
        std::uint64_t offset = 0;
        const auto* const end =
            std::from_chars(text.data(), text.data() + text.size(), offset).ptr;
        all_[offset] = std::string(end + 1, text.data() + text.size());
    }

    [[nodiscard]] const messages& all() const { return all_; }

private:
    messages all_;
    std::map<std::uint64_t, std::string> unread_;  // by connection
};

// An id says which payload it has: load.py makes the same.
std::string payload_of(std::string_view id) {
    std::uint64_t size = 0;
    std::from_chars(id.data() + 8, id.data() + 16, size, 16);
    std::string payload(id);
    for (std::uint64_t i = 1; payload.size() < size; ++i) {
        payload += fmt::format("{}{:08x}", id.substr(0, 8), i);
    }
    payload.resize(size);
    return payload;
}

/// Opens what a power cut left, as a server does.
class opened_state {
public:
    opened_state(const std::filesystem::path& folder, const messages& acknowledged,
                 std::uint64_t keep)
        : path_((folder / file_names[0]).string()), acknowledged_(acknowledged), keep_(keep) {}

    /// What is wrong, or nothing.
    std::string check() {
        auto opened = store_file::open(path_, false);
        if (!opened) return fmt::format("it does not open: {}", opened.error().words);
        const auto wrong = opened->verify();
        if (!wrong) return fmt::format("verify fails: {}", wrong.error().words);
        if (!wrong->empty()) return fmt::format("verify: {}", *wrong);
        auto found = read(*opened);
        if (found.empty()) found = compare(*opened);
        if (found.empty()) found = send_again(*opened);
        return found;
    }

private:
    std::string read(store_file& from) {
        std::string found;
        std::set<std::string> ids;
        const auto done = from.read(0, [&](const stored_message& one) {
            std::string id(one.id);
            if (id.size() != 16 || one.payload != payload_of(id)) {
                found = fmt::format("the message at {} is not what was sent", one.offset);
            } else if (!ids.insert(id).second) {
                found = fmt::format("the message {} is there twice", id);
            }
            stored_[one.offset] = std::move(id);
            return found.empty();
        });
        return done ? found : done.error().words;
    }

    std::string compare(const store_file& in) const {
        for (const auto& [offset, id] : acknowledged_) {
            if (keep_ > 0 && in.next() - offset > keep_) continue;
            const auto found = stored_.find(offset);
            if (found == stored_.end()) {
                return fmt::format("message {} ({}) {}", offset, id, lost_word);
            }
            if (found->second != id) return fmt::format("message {} is another one", offset);
        }
        return {};
    }

    // A client that got no acknowledgement sends again.
    std::string send_again(store_file& to) const {
        if (stored_.empty()) return {};
        const auto& [offset, id] = *stored_.rbegin();
        if (const auto done = to.begin(); !done) return done.error().words;
        const auto payload = payload_of(id);
        const auto added = to.add(payload, id, store_time());
        if (!added) return added.error().words;
        if (const auto done = to.commit(); !done) return done.error().words;
        const bool is_same = added->what == added_message::outcome::repeated;
        return is_same && added->offset == offset
                   ? std::string()
                   : fmt::format("message {} was stored again", offset);
    }

    std::string path_;
    const messages& acknowledged_;
    std::uint64_t keep_;
    messages stored_;
};

void write_state(const disk_state& state, const std::filesystem::path& folder) {
    for (std::size_t file = 0; file < file_names.size(); ++file) {
        const auto path = folder / file_names.at(file);
        const auto content = state.find(file);
        if (content == state.end()) {
            std::filesystem::remove(path);
        } else {
            std::ofstream(path, std::ios::binary | std::ios::trunc) << content->second;
        }
    }
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream from(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
}

class exploration {
public:
    explicit exploration(const options& given)
        : given_(given), text_(read_file(given.trace)), trace_(read_trace(text_)) {
        if (given.from.empty()) return;
        disk_ = disk::of(given.from);
        std::ifstream before(given.from + "/acknowledged");
        for (std::string line; std::getline(before, line);) acknowledged_.add(line);
    }

    int run() {
        if (trace_.empty()) return fail("there is nothing in the trace");
        // Evenly over all moments: every one, if there are as many states.
        std::uint64_t done = 0;
        for (std::size_t moment = 0; moment < trace_.size(); ++moment) {
            const auto& one = trace_[moment];
            if (one.what.what == record::kind::sent) {
                acknowledged_.apply(one.what, one.data);
            } else {
                disk_.apply(one.what, one.data);
            }
            const auto until = given_.states * (moment + 1) / trace_.size();
            for (; done < until; ++done) try_state(moment, done);
        }
        if (!given_.leave.empty()) leave();
        fmt::print(
            "{{\"states\":{},\"moments\":{},\"acknowledged\":{},\"wrong\":{},"
            "\"lost\":{}}}\n",
            done, trace_.size(), acknowledged_.all().size(), wrong_, lost_);
        return wrong_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }

private:
    static int fail(std::string_view words) {
        fmt::print(stderr, "power_cuts: {}\n", words);
        return EXIT_FAILURE;
    }

    void try_state(std::size_t moment, std::uint64_t number) {
        std::mt19937_64 random(given_.seed * 1'000'003 + number);
        write_state(disk_.after_power_cut(random), given_.folder);
        const auto found = opened_state(given_.folder, acknowledged_.all(), given_.keep).check();
        if (found.empty()) return;
        if (found.ends_with(lost_word)) ++lost_;
        if (++wrong_ <= shown_max) {
            fmt::print(stderr, "state {} of seed {}, after {} records: {}\n", number, given_.seed,
                       moment + 1, found);
        }
    }

    // The next run starts from what a cut at the end left.
    void leave() {
        std::mt19937_64 random(given_.seed);
        write_state(disk_.after_power_cut(random), given_.leave);
        std::ofstream known(given_.leave + "/acknowledged");
        for (const auto& [offset, id] : acknowledged_.all()) known << offset << ' ' << id << '\n';
    }

    const options& given_;
    std::string text_;
    std::vector<happened> trace_;
    disk disk_;
    acknowledgements acknowledged_;
    std::uint64_t wrong_ = 0;
    std::uint64_t lost_ = 0;  // of which so many miss a message that was acknowledged
};

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

int run(int count, char** words) {
    if (count < 5) {
        fmt::print(stderr,
                   "power_cuts TRACE STATES SEED FOLDER [--from FOLDER] [--leave FOLDER] "
                   "[--keep N]\n");
        return 2;
    }
    options given;
    given.trace = words[1];
    given.folder = words[4];
    given.states = number(words[2]);
    given.seed = number(words[3]);
    for (int i = 5; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        if (name == "--from") given.from = words[i + 1];
        if (name == "--leave") given.leave = words[i + 1];
        if (name == "--keep") given.keep = number(words[i + 1]);
    }
    return exploration(given).run();
}

}  // namespace
}  // namespace framewire::durability_rig

int main(int count, char** words) { return framewire::durability_rig::run(count, words); }
