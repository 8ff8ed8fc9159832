#include "stores.hpp"

#include "cli/json_members.hpp"
#include "cli/print.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "message_text.hpp"
#include "store/store_position.hpp"
#include "store/store_source.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

constexpr std::uint64_t tail_count = 10;
constexpr std::size_t read_bytes = 1 * MiB;

struct store_options {
    std::vector<std::string> words;
    std::optional<store_position> from;
    std::optional<std::uint64_t> count;
    std::string framing;
    bool follows = false;
    bool json = false;
};

int fail(const failure& why) {
    report("store", why);
    return status_failed;
}

int fail(const store_failure& why) {
    return fail(failure{fmt::format("{}: {}", error_name(why.code), why.words)});
}

store_result<store_range> range_of(store_source& of) {
    return of.ask("range").map([](const std::string& text) { return store_range::parse(text); });
}

/// Prints messages from one on, and those too that come later if `follows`.
class listing {
public:
    listing(store_source& from, message_text text, std::uint64_t count_max)
        : source_(from), text_(std::move(text)), left_(count_max) {}

    int run(std::uint64_t offset, bool follows) {
        while (left_ > 0) {
            const auto records = source_.ask(fmt::format("read {} {}", offset, read_bytes));
            if (!records) return fail(records.error());
            if (records->empty() && !follows) break;
            if (records->empty()) {
                const auto waited = source_.ask(fmt::format("wait {}", offset));
                if (!waited) return fail(waited.error());
            } else if (const auto shown = show(*records, offset); !shown) {
                return fail(shown.error());
            }
        }
        return status_done;
    }

private:
    result<void> show(bytes records, std::uint64_t& offset) {
        std::string out;
        stored_message one;
        result<void> done;
        while (done && left_ > 0 && store_record::take(records, one)) {
            done = text_.of(one).map([&](const std::string& text) { out += text; });
            offset = one.offset + 1;
            --left_;
        }
        print(out);
        return done;
    }

    store_source& source_;
    message_text text_;
    std::uint64_t left_;
};

int show_messages(const store_options& options, store_source& source, bool is_tail) {
    auto text = options.json ? message_text::as_json() : message_text::for_person();
    if (!options.framing.empty()) {
        auto frames = framing::parse(options.framing);
        if (!frames) throw usage_error(frames.error());
        text = message_text::as_frames(std::move(*frames));
    }
    const auto range = range_of(source);
    if (!range) return fail(range.error());
    auto from = store_result<std::uint64_t>(range->first);
    if (options.from) {
        from = options.from->find(source);
    } else if (is_tail) {
        const auto last = options.count.value_or(tail_count);
        from = range->next - std::min(last, range->next - range->first);
    }
    if (!from) return fail(from.error());
    const auto most =
        is_tail && !options.from ? std::uint64_t(-1) : options.count.value_or(std::uint64_t(-1));
    return listing(source, std::move(text), most).run(*from, options.follows);
}

int show_statistics(const store_options& options, store_source& source) {
    const auto range = range_of(source);
    if (!range) return fail(range.error());
    const auto count = range->next - range->first;
    if (options.json) {
        json_members all;
        all.add("event", "store");
        all.add("count", count);
        all.add("first", range->first);
        all.add("next", range->next);
        all.add("used", range->used);
        all.add("free", range->unused);
        print(all.end());
        return status_done;
    }
    print(
        fmt::format("messages  {}\nfirst     {}\nnext      {}\nused      {} bytes\n"
                    "free      {} bytes\n",
                    count, range->first, range->next, range->used, range->unused));
    return status_done;
}

// Reads everything, for which a server that stores has no time.
int verify(const std::string& path) {
    auto opened = store_file::open(path, true);
    if (!opened) return fail(opened.error());
    const auto wrong = opened->verify();
    if (!wrong) return fail(wrong.error());
    if (!wrong->empty()) {
        return fail(failure{fmt::format("{}: {}", error_name(errc::store_corrupt), *wrong),
                            "what can be read is printed by 'framewire store FILE list'"});
    }
    print(fmt::format("{}: {} messages, from offset {}, and nothing is wrong\n", path,
                      opened->next() - opened->first(), opened->first()));
    return status_done;
}

int run_store(store_options& options, const std::vector<std::string>& messages) {
    auto& words = options.words;
    words.insert(words.end(), messages.begin(), messages.end());
    if (words.empty()) throw usage_error({"which file?", "framewire store FILE list"});
    const auto action = words.size() > 1 ? words[1] : std::string("list");
    constexpr std::array<std::string_view, 5> actions{"list", "tail", "export", "verify", "stats"};
    if (words.size() > 2 || std::ranges::find(actions, action) == actions.end()) {
        throw usage_error({fmt::format("'{}' is not an action", words.back()),
                           "list, tail, export, verify or stats"});
    }
    if (action == "export" && options.framing.empty()) {
        throw usage_error({"export needs --framing SPEC"});
    }
    if (action != "export" && !options.framing.empty()) {
        throw usage_error({"--framing is for export"});
    }
    if (options.follows && action != "tail") throw usage_error({"--follow is for tail"});
    if (action == "verify") return verify(words[0]);
    const auto opened = open_source(words[0]);
    if (!opened) return fail(opened.error());
    if (action == "stats") return show_statistics(options, *opened->source);
    return show_messages(options, *opened->source, action == "tail");
}

constexpr const char* notes =
    "list prints messages, tail the last 10 (or --count), export their payloads as frames of "
    "--framing, stats how many there are, and verify whether the file is sound: it reads all of "
    "it, and no server may have it open then.\n\n"
    "Everything else also works while a server stores messages: it is asked, at the socket "
    "FILE-readers, as only one process may have the file open.\n\n"
    "POSITION is first, next, an offset, a time such as 2026-11-29T08:30:00Z or 2026-11-29 (UTC), "
    "or how long ago, such as 90m.";

}  // namespace

command add_store(command_page& page) {
    const auto options = std::make_shared<store_options>();
    page.words(options->words);
    page.value("--from", "POSITION",
               "print from POSITION on: an offset, a time, or how long ago: 90m",
               [options](const std::string& text) {
                   return store_position::parse(text).map(
                       [&](store_position&& at) { options->from = at; });
               });
    page.value(
        "--count", "N", "print at most N messages; with tail, the last N",
        [options](const std::string& text) {
            return parse_number(text).map([&](std::uint64_t number) { options->count = number; });
        });
    page.flag("--follow", options->follows,
              "wait for more after tail, and print them as they come");
    page.text("-f,--framing", options->framing, "SPEC", "frame what export prints as SPEC");
    page.flag("--json", options->json, "print each message as a line of JSON");
    page.notes(notes);
    page.describe("store FILE [list|tail|export|verify|stats] [OPTIONS]",
                  "  framewire store orders.db tail --follow\n"
                  "  framewire store orders.db list --from 90m --json\n"
                  "  framewire store orders.db export --framing u32be > orders.bin\n"
                  "The file is one of 'framewire serve --service store:FILE', which may run.");
    return [options](const std::vector<std::string>& messages) {
        return run_store(*options, messages);
    };
}

}  // namespace framewire
