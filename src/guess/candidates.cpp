#include "candidates.hpp"

#include "framewire/codec/framing_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace framewire {
namespace {

// Everyone has seen these; others have been seen by some.
constexpr double usual_bits = 0;
constexpr double seldom = 3;
constexpr double rare = 6;

constexpr std::array<std::pair<std::string_view, double>, 34> generic{{
    {"u32be", usual_bits},
    {"u16be", usual_bits},
    {"u32le", usual_bits},
    {"u16le", usual_bits},
    {"u8", seldom},
    {"u24be", seldom},
    {"u24le", seldom},
    {"u64be", usual_bits},
    {"u64le", usual_bits},
    {"u48be", rare},
    {"varint", usual_bits},
    {"varint,form=any", rare},
    {"netstring", usual_bits},
    {"octet-count", usual_bits},
    {R"(decimal:\n)", seldom},
    {R"(decimal:\r\n)", seldom},
    {"decimal::", seldom},
    {"line", usual_bits},
    {"line,eol=crlf", usual_bits},
    {R"(delimiter:\0)", usual_bits},
    {R"(delimiter:\r)", seldom},
    {R"(between:\x02..\x03)", usual_bits},
    {"slip", seldom},
    {"kiss", seldom},
    {"hdlc", seldom},
    {"jt808", seldom},
    {"tn3270", seldom},
    {"cobs", seldom},
    {"content-length", usual_bits},
    {"chunks:u16be", seldom},
    {"chunked", seldom},
    {"netconf11", usual_bits},
    {"json", usual_bits},
    {"msgpack", seldom},
}};

// Protocols that have a framing of their own.
constexpr std::array<std::string_view, 4> protocols{"fix", "nats", "beanstalkd", "memcached"};

// Any bytes are a frame of these.
bool cuts_anything(const framing& frames) {
    const auto layout = frames.describe();
    const bool has_none = !layout.length && !layout.end && layout.own == grammar::none;
    const bool is_fixed = layout.length && layout.length->written == notation::none;
    return has_none || is_fixed || layout.own == grammar::stream;
}

// The spec without its option `first`, and without that of its option `reply`.
std::string without_first(std::string_view spec) {
    std::string rest;
    while (!spec.empty()) {
        std::size_t end = 0;
        while (end < spec.size() && spec[end] != ',') end += spec[end] == '\\' ? 2U : 1U;
        const auto option = spec.substr(0, std::min(end, spec.size()));
        spec.remove_prefix(std::min(end + 1, spec.size()));
        if (option.starts_with("first=")) continue;
        const auto nested = option.find(R"(\,first=)");
        rest += rest.empty() ? "" : ",";
        rest += option.starts_with("reply=") ? option.substr(0, nested) : option;
    }
    return rest;
}

class candidate_list {
public:
    // `name` is that of a preset, or empty.
    void add(const std::string& spec, std::string_view name, double doubt) {
        for (auto& one : all_) {
            if (one.frames.spec() != spec) continue;
            if (!name.empty()) one.presets.push_back(name);
            one.doubt = std::min(one.doubt, doubt);
            return;
        }
        const auto frames = framing::parse(spec);
        if (!frames || cuts_anything(*frames)) return;
        candidate made{.frames = *frames, .doubt = doubt};
        if (frames->first() != nullptr || frames->replies().first() != nullptr) {
            if (auto rest = framing::parse(without_first(spec))) made.midway = *std::move(rest);
        }
        if (!name.empty()) made.presets.push_back(name);
        all_.push_back(std::move(made));
    }
    [[nodiscard]] std::vector<candidate> take() && { return std::move(all_); }

private:
    std::vector<candidate> all_;
};

// Headers with a length somewhere in them, which counts what follows or the whole frame.
void add_binary(candidate_list& to) {
    constexpr std::array<std::pair<std::string_view, int>, 6> fields{
        {{"u16be", 2}, {"u16le", 2}, {"u32be", 4}, {"u32le", 4}, {"u24be", 3}, {"u8", 1}}};
    constexpr int lead_max = 8;
    for (const auto& [name, width] : fields) {
        to.add(fmt::format("{},adjust=-{}", name, width), {}, width == 1 ? seldom : usual_bits);
        for (int lead = 1; lead <= lead_max; ++lead) {
            to.add(fmt::format("{},lead={}", name, lead), {}, rare);
            to.add(fmt::format("{},lead={},adjust=-{}", name, lead, lead + width), {}, rare);
        }
    }
}

void add_digits(candidate_list& to) {
    constexpr int width_max = 10;
    for (int width = 2; width <= width_max; ++width) {
        to.add(fmt::format("digits:{}", width), {}, usual_bits);
        to.add(fmt::format("digits:{},count=chars", width), {}, seldom);
        to.add(fmt::format("digits:{},pad=space", width), {}, usual_bits);
        to.add(fmt::format("digits:{},pad=left-space", width), {}, seldom);
        to.add(fmt::format("digits:{0},adjust=-{0}", width), {}, seldom);
    }
    for (const int width : {2, 4, 6, 8}) to.add(fmt::format("hex:{}", width), {}, seldom);
    to.add("bcd:2", {}, seldom);
}

}  // namespace

std::vector<candidate> all_candidates() {
    candidate_list all;
    for (const auto& preset : framing_presets()) {
        all.add(std::string(preset.spec), preset.name, usual_bits);
    }
    for (const auto& [spec, doubt] : generic) all.add(std::string(spec), {}, doubt);
    for (const auto name : protocols) all.add(std::string(name), name, usual_bits);
    add_digits(all);
    add_binary(all);
    return std::move(all).take();
}

}  // namespace framewire
