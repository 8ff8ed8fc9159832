#include "guess_framings.hpp"

#include "candidates.hpp"
#include "cut.hpp"
#include "evidence.hpp"
#include "marks.hpp"
#include "surprise.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace framewire {
namespace {

// Bytes with none missing between them.
struct run {
    std::string data{};
    segmented_stream stream{};
    bool is_midway = false;
    std::unique_ptr<surprise> expected{};
};

std::vector<run> runs_of(const seen_side& side, std::size_t bytes_max) {
    std::vector<run> runs;
    bool begins = true;
    bool is_cut = side.is_cut;
    for (const auto& segment : side.segments) {
        if (segment.data.empty()) continue;
        if (bytes_max == 0) {
            is_cut = true;
            break;
        }
        if (begins || segment.after_gap) {
            runs.push_back({.is_midway = segment.after_gap || side.is_midway});
            if (runs.size() > 1) runs[runs.size() - 2].stream.is_cut = true;
        }
        begins = false;
        const auto some = segment.data.substr(0, bytes_max);
        is_cut = is_cut || some.size() < segment.data.size();
        bytes_max -= some.size();
        runs.back().data += some;
        runs.back().stream.ends.push_back(runs.back().data.size());
    }
    if (!runs.empty()) runs.back().stream.is_cut = is_cut;
    for (auto& one : runs) {
        one.stream.data = one.data;
        one.expected = std::make_unique<surprise>(one.stream.data);
    }
    return runs;
}

// What a framing makes of one end, and what speaks for it there.
struct side_trial {
    side_fit fit{};
    evidence found{};
    std::uint64_t fingerprint = 0;
    bool skips_first = false;
    // Of the presets, in their order; nothing if they have no marks.
    std::vector<std::optional<double>> marks{};
};

struct run_trial {
    stream_cut cut{};
    evidence found{};
    std::size_t begin = 0;
    bool skips_first = false;
};

class side_trying {
public:
    side_trying(const candidate& tried, seen_from end) : tried_(tried), end_(end) {
        marks_.resize(tried.presets.size());
    }

    side_trial over(const std::vector<run>& runs) {
        side_trial all;
        std::uint64_t before = 0;
        for (const auto& one : runs) {
            add(one, before, all);
            before += one.data.size();
        }
        all.marks = std::move(marks_);
        return all;
    }

private:
    [[nodiscard]] const framing& role(const framing& frames) const {
        return end_ == seen_from::client ? frames : frames.replies();
    }

    // From `begin` on, which is where a segment begins.
    [[nodiscard]] static run_trial attempt(const run& one, const framing& frames,
                                           std::size_t begin) {
        run_trial made{.cut = cut_stream(frames, one.stream.data.substr(begin)), .begin = begin};
        if (begin == 0) {
            weigh_run(made, one.stream, frames, *one.expected);
            return made;
        }
        segmented_stream rest{one.stream.data.substr(begin), {}, one.stream.is_cut};
        for (const auto end : one.stream.ends) {
            if (end > begin) rest.ends.push_back(end - begin);
        }
        weigh_run(made, rest, frames, surprise(rest.data));
        return made;
    }

    static void weigh_run(run_trial& made, const segmented_stream& stream, const framing& frames,
                          const surprise& expected) {
        const auto layout = frames.describe();
        if (const auto* const first = frames.first()) {
            const auto its = first->describe();
            made.found = weigh(stream, made.cut, layout, &its, expected);
        } else {
            made.found = weigh(stream, made.cut, layout, nullptr, expected);
        }
    }

    // The best beginning: a stream that is known from its middle on may begin inside a frame.
    [[nodiscard]] run_trial best(const run& one) const {
        constexpr std::size_t beginnings_max = 6;
        constexpr double of_beginning = 2;
        auto made = attempt(one, role(tried_.frames), 0);
        if (!one.is_midway) return made;
        const auto& frames = role(tried_.midway ? *tried_.midway : tried_.frames);
        const auto keep_better = [&](std::size_t begin, double doubt) {
            auto other = attempt(one, frames, begin);
            other.found.bits -= doubt;
            other.skips_first = tried_.midway.has_value();
            if (other.cut.count > 0 && other.found.bits > made.found.bits) made = std::move(other);
        };
        if (tried_.midway) keep_better(0, of_beginning);
        double doubt = of_beginning;
        for (std::size_t i = 0; i + 1 < std::min(one.stream.ends.size(), beginnings_max); ++i) {
            if (!made.cut.failure && made.cut.count > 0) break;
            doubt += of_beginning;
            keep_better(one.stream.ends[i], doubt);
        }
        return made;
    }

    void add(const run& one, std::uint64_t before, side_trial& all) {
        const auto made = best(one);
        const auto left = one.data.size() - made.begin - made.cut.decoded;
        all.fit.frames += made.cut.count;
        all.fit.payload_bytes += made.cut.payload_bytes;
        all.fit.passed_over += made.begin;
        (made.cut.failure ? all.fit.undecoded : all.fit.incomplete) += left;
        if (made.cut.failure && !all.fit.failure) {
            all.fit.failure = made.cut.failure;
            all.fit.failure->offset += before + made.begin;
        }
        all.fingerprint = all.fingerprint * 31 + made.cut.fingerprint + made.begin;
        all.skips_first = all.skips_first || made.skips_first;
        all.found.bits += made.found.bits;
        all.found.fixed_bits += made.found.fixed_bits;
        all.found.segments += made.found.segments;
        all.found.segments_ended += made.found.segments_ended;
        all.found.ends_with_frame = made.found.ends_with_frame;
        const bool is_midway = one.is_midway || made.begin > 0;
        for (std::size_t i = 0; i < marks_.size(); ++i) {
            const auto bits =
                compare_marks(tried_.presets[i], end_, made.cut, is_midway, *one.expected);
            if (bits) marks_[i] = marks_[i].value_or(0) + *bits;
        }
    }

    const candidate& tried_;
    seen_from end_;
    std::vector<std::optional<double>> marks_;
};

struct weighed {
    framing_fit fit{};
    std::uint64_t fingerprint = 0;
};

class reasoning {
public:
    void add(std::string fact) {
        if (!text_.empty()) text_ += "; ";
        text_ += fact;
    }
    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    std::string text_;
};

std::string counted(std::uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void explain_ends(const side_trial& client, const side_trial& server, reasoning& why) {
    const auto segments = client.found.segments + server.found.segments;
    const auto ended = client.found.segments_ended + server.found.segments_ended;
    const auto frames = client.fit.frames + server.fit.frames;
    if (segments > 2 && ended * 2 > segments) {
        why.add(fmt::format("{} of {} end with a frame", ended, counted(segments, "segment")));
        return;
    }
    const bool all_end = (client.fit.frames == 0 || client.found.ends_with_frame) &&
                         (server.fit.frames == 0 || server.found.ends_with_frame);
    if (all_end) {
        why.add(fmt::format("{} where the bytes do",
                            frames == 1 ? "its frame ends" : "the last frame ends"));
    }
}

void explain_side(const side_trial& side, std::string_view name, reasoning& why) {
    if (side.fit.failure) {
        why.add(fmt::format("the {}'s bytes fail at {} ({})", name, side.fit.failure->offset,
                            error_name(side.fit.failure->code)));
    } else if (side.fit.incomplete > 0) {
        why.add(fmt::format("{} of the {} are left, of a frame that does not end",
                            counted(side.fit.incomplete, "byte"), name));
    }
    if (side.fit.passed_over > 0) {
        why.add(fmt::format("the first {} of the {} are passed over",
                            counted(side.fit.passed_over, "byte"), name));
    }
}

class trial {
public:
    trial(const candidate& tried, const std::vector<run>& client, const std::vector<run>& server)
        : tried_(tried),
          client_(side_trying(tried, seen_from::client).over(client)),
          server_(side_trying(tried, seen_from::server).over(server)) {}

    [[nodiscard]] weighed result(std::optional<std::uint16_t> port) const {
        weighed made;
        auto& fit = made.fit;
        const bool is_midway = client_.skips_first || server_.skips_first;
        fit.spec = (is_midway ? *tried_.midway : tried_.frames).spec();
        fit.client = client_.fit;
        fit.server = server_.fit;
        fit.bits = client_.found.bits + server_.found.bits - tried_.doubt;
        // A reply that ends with the stream is the only one.
        constexpr double of_more = 12;
        const bool has_one_reply = tried_.frames.replies().describe().own == grammar::stream;
        if (has_one_reply && fit.client.frames > 1) fit.bits -= of_more;
        made.fingerprint = client_.fingerprint * 1000003 + server_.fingerprint;
        reasoning why;
        explain_ends(client_, server_, why);
        constexpr double telling = 12;
        if (client_.found.fixed_bits + server_.found.fixed_bits > telling) {
            why.add("what every frame must have is there");
        }
        rank_presets(port, fit, why);
        if (is_midway) fit.name = fit.spec;
        explain_side(client_, "client", why);
        explain_side(server_, "server", why);
        fit.reason = std::move(why).take();
        // What is equal but for the order of its sums is equal.
        fit.bits = std::round(fit.bits * 10) / 10;
        return made;
    }

private:
    void rank_presets(std::optional<std::uint16_t> port, framing_fit& fit, reasoning& why) const {
        constexpr double of_port = 10;
        constexpr double telling = 6;
        struct ranked {
            std::string_view name;
            double bits = 0;
            bool is_usual = false;
        };
        std::vector<ranked> all;
        for (std::size_t i = 0; i < tried_.presets.size(); ++i) {
            ranked one{.name = tried_.presets[i]};
            one.bits = client_.marks[i].value_or(0) + server_.marks[i].value_or(0);
            one.is_usual = port && is_usual_port(one.name, *port);
            if (one.is_usual) one.bits += of_port;
            all.push_back(one);
        }
        std::ranges::stable_sort(all, std::ranges::greater(), &ranked::bits);
        for (const auto& one : all) fit.presets.push_back(one.name);
        fit.name = fit.spec;
        if (all.empty()) return;
        // That all messages begin alike is one fact.
        constexpr double most = 60;
        const auto& best = all.front();
        fit.bits += std::clamp(best.bits, -most, most);
        if (best.bits > telling || fit.spec.find(',') != std::string::npos) fit.name = best.name;
        if (best.bits - (best.is_usual ? of_port : 0) > telling) {
            why.add(fmt::format("payloads begin as those of {}", best.name));
        }
        if (best.is_usual) why.add(fmt::format("{} is the port of {}", *port, best.name));
    }

    const candidate& tried_;
    side_trial client_;
    side_trial server_;
};

// The first bytes of both ends.
class beginnings {
public:
    beginnings(const seen_conversation& seen, std::size_t bytes_max)
        : client_(runs_of(seen.client, bytes_max)),
          server_(runs_of(seen.server, bytes_max)),
          port_(seen.port) {}

    [[nodiscard]] weighed weigh(const candidate& one) const {
        return trial(one, client_, server_).result(port_);
    }
    /// False if an end sent more than is known of it here.
    [[nodiscard]] bool is_all() const {
        const auto is_cut = [](const std::vector<run>& runs) {
            return !runs.empty() && runs.back().stream.is_cut;
        };
        return !is_cut(client_) && !is_cut(server_);
    }

private:
    std::vector<run> client_;
    std::vector<run> server_;
    std::optional<std::uint16_t> port_;
};

constexpr double telling = 6;

bool is_plausible(const weighed& one) {
    return one.fit.client.frames + one.fit.server.frames > 0 && one.fit.bits >= telling;
}

// A long frame says nothing before it ends.
bool is_out_of_question(const weighed& one) {
    const bool fails = one.fit.client.failure || one.fit.server.failure;
    const bool has_frames = one.fit.client.frames + one.fit.server.frames > 0;
    return (fails || has_frames) && !is_plausible(one);
}

// Those that find the same frames are one, named after the likeliest.
std::vector<framing_fit> without_doubles(std::vector<weighed> all) {
    std::ranges::stable_sort(all, [](const weighed& one, const weighed& other) {
        return one.fit.bits > other.fit.bits;
    });
    std::vector<framing_fit> fits;
    std::vector<std::uint64_t> fingerprints;
    for (auto& one : all) {
        const auto found = std::ranges::find(fingerprints, one.fingerprint);
        if (found == fingerprints.end()) {
            fingerprints.push_back(one.fingerprint);
            fits.push_back(std::move(one.fit));
            continue;
        }
        auto& same = fits[static_cast<std::size_t>(found - fingerprints.begin())];
        same.same_frames.push_back(one.fit.name);
    }
    return fits;
}

}  // namespace

std::vector<framing_fit> guess_framings(const seen_conversation& seen, std::size_t bytes_max) {
    // Of a framing that fits, this much is enough to see it.
    constexpr std::size_t first_bytes = std::size_t{16} * 1024;
    const beginnings known(seen, bytes_max);
    const beginnings first(seen, std::min(bytes_max, first_bytes));
    std::vector<weighed> plausible;
    static const auto candidates = all_candidates();
    for (const auto& one : candidates) {
        auto made = first.weigh(one);
        if (is_out_of_question(made)) continue;
        if (!first.is_all()) made = known.weigh(one);
        if (is_plausible(made)) plausible.push_back(std::move(made));
    }
    auto fits = without_doubles(std::move(plausible));
    // Next to what fits well, a coincidence is none.
    constexpr double share = 0.1;
    const auto least = fits.empty() ? 0 : fits.front().bits * share;
    std::erase_if(fits, [&](const framing_fit& one) { return one.bits < least; });
    return fits;
}

}  // namespace framewire
