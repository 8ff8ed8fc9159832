#include "show.hpp"

#include "cli/print.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/units.hpp"
#include "guesses.hpp"
#include "input.hpp"
#include "json.hpp"
#include "summary.hpp"
#include "text.hpp"

#include <fmt/format.h>
#include <deque>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// A page shows far less.
constexpr std::uint64_t page_bytes_max = 64 * MiB;
// Of each side: what `guess_framings` reads.
constexpr std::size_t guessed_bytes_max = 1 * MiB;

int report_failure(const failure& why, const trace_options& options) {
    report("trace", why, options.events);
    return status_failed;
}

int show_page(const conversation& shown, const trace_options& options) {
    auto lines = all_lines(shown, page_bytes_max);
    if (!lines) return report_failure(lines.error(), options);
    auto page = options.page;
    page.client = shown.client;
    page.server = shown.server;
    return run_page(page, {shown.framing, *std::move(lines)}, options.cuts);
}

bool is_cut(const chunking& cuts) {
    return cuts.chunk > 0 || !cuts.chunks.empty() || !cuts.splits.empty();
}

result<void> print_shown(const conversation& shown, const trace_options& options) {
    if (options.events.json) return print_events(shown);
    return print_walkthrough(
        shown,
        {.brief = options.brief, .times = options.times, .timestamps = options.events.timestamps});
}

// Of one side of a few messages, all has been said.
bool is_of_interest(const conversation_totals& all, const conversation& shown) {
    return !shown.client.empty() ||
           (all.sides[0].stream_bytes > 0 && all.sides[1].stream_bytes > 0);
}

// A stream as the options want it, before it is cut and before frames are chosen.
conversation arranged(conversation shown, const trace_options& options,
                      std::array<bool, 2> is_midway) {
    if (!shown.is_captured) return shown;
    auto plan = options.plan;
    plan.is_midway = is_midway;
    if (options.swaps) {
        shown = swapped(std::move(shown));
        std::swap(plan.is_midway[0], plan.is_midway[1]);
    }
    shown = resynchronised(std::move(shown), plan);
    return options.side ? one_side_of(std::move(shown), *options.side) : shown;
}

// What one side sent, up to what is guessed from.
class seen_bytes {
public:
    void take(const transcript_line& line) {
        const bool is_data = line.what == kind::from_peer || line.what == kind::to_peer;
        auto& from = sides_.at(line.what == kind::to_peer || line.way == direction::sent ? 1 : 0);
        if (line.what == kind::gap) from.after_gap = true;
        if (!is_data) return;
        if (from.size >= guessed_bytes_max) {
            from.seen.is_cut = true;
            return;
        }
        from.size += line.text.size();
        from.texts.push_back(line.text);
        from.seen.segments.push_back({from.texts.back(), std::exchange(from.after_gap, false)});
    }
    [[nodiscard]] seen_conversation finish(std::array<bool, 2> is_midway) {
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            sides_.at(at).seen.is_midway = is_midway.at(at);
        }
        return {std::move(sides_[0].seen), std::move(sides_[1].seen)};
    }

private:
    struct side {
        std::deque<std::string> texts{};  // which the segments point to
        std::size_t size = 0;
        bool after_gap = false;
        seen_side seen{};
    };
    std::array<side, 2> sides_{};
};

std::optional<std::uint16_t> port_of(const std::string& address) {
    const auto at = address.rfind(':');
    if (at == std::string::npos) return std::nullopt;
    const auto port = parse_number(std::string_view(address).substr(at + 1));
    if (!port || *port > UINT16_MAX) return std::nullopt;
    return static_cast<std::uint16_t>(*port);
}

std::vector<std::size_t> failed_among(const std::vector<std::size_t>& numbers,
                                      const stream_totals& found) {
    std::vector<std::size_t> failed;
    for (const auto number : numbers) {
        const auto one = found.find(number);
        if (one != found.end() && one->second.fault) failed.push_back(number);
    }
    return failed;
}

// The streams of a capture, as the options want them.
class shown_capture {
public:
    shown_capture(const indexed_capture& from, const trace_options& options)
        : from_(from), options_(options) {}

    int list(const std::vector<std::size_t>& numbers, const stream_totals& found) {
        if (!options_.events.json) {
            for (const auto& one : from_.found.remarks) print(fmt::format("# {}\n", one));
        }
        print(options_.events.json ? print_stream_events(from_.found, numbers, found)
                                   : print_streams(from_.found, numbers, found));
        return failed_among(numbers, found).empty() ? status_done : status_failed;
    }
    int show_each(const std::vector<std::size_t>& numbers, const framing& frames) {
        int status = status_done;
        for (const auto number : numbers) {
            if (number != numbers.front() && !options_.events.json) print("\n");
            if (numbers.size() > 1 && !options_.events.json) {
                print(fmt::format("# stream {}\n", number));
            }
            const auto one = show_one(number, frames);
            status = status == status_done ? one : status;
        }
        return status;
    }

private:
    int show_one(std::size_t number, const framing& frames) {
        const auto is_midway = midway_sides(from_.found.streams.at(number));
        if (options_.keylog.empty()) {
            return show(stream_of(from_, number, frames), options_, is_midway);
        }
        auto decrypted = decrypted_stream_of(from_, number, frames, options_.keylog);
        if (!decrypted) return report_failure(decrypted.error(), options_);
        return show(*std::move(decrypted), options_, is_midway);
    }

    const indexed_capture& from_;
    const trace_options& options_;
};

}  // namespace

int show(conversation shown, const trace_options& options, std::array<bool, 2> is_midway) {
    shown = arranged(std::move(shown), options, is_midway);
    if (options.page.wanted()) return show_page(shown, options);
    if (is_cut(options.cuts)) {
        auto cut = cut_further(std::move(shown), options.cuts);
        if (!cut) return report_failure(cut.error(), options);
        shown = *std::move(cut);
    }
    const auto all = summarise(shown);
    if (!all) return report_failure(all.error(), options);
    const auto printed =
        print_shown(options.frames.any() ? selected(shown, options.frames) : shown, options);
    if (!printed) return report_failure(printed.error(), options);
    if (!shown.is_captured) return status_done;
    if (options.events.json) {
        print(print_summary_event(*all));
    } else if (is_of_interest(*all, shown)) {
        print(print_summary(*all, options.brief || shown.client.empty()));
    }
    return all->fault ? status_failed : status_done;
}

int show_capture(capture_file file, const trace_options& options) {
    const auto from = index_capture(std::move(file));
    if (!from) return report_failure(from.error(), options);
    const auto numbers = choose(from->found, options.streams);
    if (!numbers) return report_failure(numbers.error(), options);
    shown_capture all(*from, options);
    if (!names_framing(options.target)) {
        if (numbers->size() > 1) return all.list(*numbers, {});
        const auto& stream = from->found.streams.at(numbers->front());
        const auto seen = stream_of(*from, stream.number, *framing::parse("raw"));
        return show_guesses(seen, options, midway_sides(stream));
    }
    const auto frames = framing_for(options.target);
    const bool lists = numbers->size() > 1 && !options.names_streams;
    if (!lists && !options.only_failed) return all.show_each(*numbers, frames);
    const auto found = count_streams(*from, *numbers, {frames, options.plan.when, options.swaps});
    if (!found) return report_failure(found.error(), options);
    const auto wanted = options.only_failed ? failed_among(*numbers, *found) : *numbers;
    if (wanted.empty()) return status_done;
    return lists ? all.list(wanted, *found) : all.show_each(wanted, frames);
}

int show_guesses(const conversation& seen, const trace_options& options,
                 std::array<bool, 2> is_midway) {
    const auto turned_if_wanted = options.swaps ? swapped(seen) : seen;
    seen_bytes known;
    const auto read =
        turned_if_wanted.read([&](const transcript_line& line) { known.take(line); });
    if (!read) return report_failure(read.error(), options);
    if (options.swaps) std::swap(is_midway[0], is_midway[1]);
    auto found = known.finish(is_midway);
    found.port = port_of(turned_if_wanted.server);
    const auto form = options.events.json ? guess_form::json : guess_form::text;
    if (print_guesses(found, form)) return status_done;
    return report_failure({"no framing fits these bytes", "--framing SPEC shows where one fails"},
                          options);
}

}  // namespace framewire
