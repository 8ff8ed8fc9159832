#include "framings.hpp"

#include "cli/command_line.hpp"
#include "cli/help_text.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/transcript/transcript.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// Options of every framing with a number before the payload.
constexpr std::string_view length_options =
    "magic=BYTES, lead=N, adjust=+-N, end=BYTES, trailer=N, offset=N, mask=HEX, more=HEX or "
    "last=HEX, idle=N[-M], join=full";

bool takes_length_options(const framing_row& framing) {
    return framing::parse(fmt::format("{},adjust=0", framing.example_spec)).has_value();
}

row to_row(const framing_row& framing) {
    row found{std::string(framing.names),
              {{"spec", std::string(framing.grammar)},
               {"meaning", std::string(framing.meaning)},
               {"example", std::string(framing.example_spec)},
               {"bytes", example_bytes(framing.example_spec, framing.example_payload)}}};
    if (takes_length_options(framing)) {
        found.fields.emplace_back("options", std::string(length_options));
    }
    return found;
}

// The frame of an example, as transcripts write bytes; empty if there is none.
std::string frame_of(const framing* frames, std::string_view example) {
    if (frames == nullptr || example.empty()) return "";
    std::string payload;
    for (auto rest = example; !rest.empty();) {
        if (!take_unescaped(rest, payload)) return "";
    }
    std::string frame;
    if (!frames->encode(payload, frame)) return "";
    return print_bytes(frame);
}

row to_row(const framing_preset& preset) {
    const auto frames = framing::parse(preset.spec);
    const auto* const every = frames ? &*frames : nullptr;
    const auto* const first = frames ? frames->first() : nullptr;
    return {fmt::format("{} {}", preset.name, preset.aliases),
            {{"name", std::string(preset.name)},
             {"spec", std::string(preset.spec)},
             {"meaning", std::string(preset.meaning)},
             {"also", std::string(preset.aliases)},
             {"source", std::string(preset.source)},
             {"field", std::string(preset.field)},
             {"first", frame_of(first, preset.first_example)},
             {"bytes", frame_of(every, preset.example)}}};
}

// A spec with options of one's own: what its name means, and a frame.
row to_row(const std::string& spec, const framing& frames) {
    const auto name = std::string_view(spec).substr(0, spec.find_first_of(":,"));
    row made{spec, {{"spec", spec}}};
    const auto describe = [&](std::string_view meaning, std::string bytes) {
        made.fields.emplace_back("meaning", std::string(meaning));
        made.fields.emplace_back("bytes", std::move(bytes));
    };
    if (const auto* const preset = find_preset(name)) {
        describe(preset->meaning, frame_of(&frames, preset->example));
    }
    for (const auto& framing : framing_table()) {
        const auto names = words_of(framing.names);
        if (std::ranges::find(names, name) != names.end()) {
            describe(framing.meaning, example_bytes(spec, framing.example_payload));
        }
    }
    return made;
}

std::vector<row> all_framings() {
    std::vector<row> rows;
    for (const auto& framing : framing_table()) rows.push_back(to_row(framing));
    return rows;
}

std::vector<row> presets_of(std::string_view field) {
    std::vector<row> rows;
    for (const auto& preset : framing_presets()) {
        if (field == "all" || preset.field == field) rows.push_back(to_row(preset));
    }
    return rows;
}

bool is_field(std::string_view name) {
    const auto fields = preset_fields();
    return std::ranges::find(fields, name, &preset_field::name) != fields.end();
}

void add_wanted(const std::string& name, std::vector<row>& found) {
    const auto add = [&](std::vector<row> rows) {
        std::ranges::move(rows, std::back_inserter(found));
    };
    if (name == "all") {
        add(all_framings());
        return add(presets_of("all"));
    }
    if (is_field(name)) return add(presets_of(name));
    const auto framings = all_framings();
    if (const auto* const one = find_row(framings, name)) return found.push_back(*one);
    if (const auto* const preset = find_preset(name)) return found.push_back(to_row(*preset));
    const auto meant = framing::parse(name);
    if (meant) return found.push_back(to_row(name, *meant));
    if (name.find_first_of(":,") != std::string::npos ||
        meant.error().hint.starts_with("there are ")) {
        throw usage_error(meant.error());
    }
    auto known = framing_names();
    for (const auto& field : preset_fields()) known.push_back(field.name);
    refuse_name(name, "framing", known);
}

// `digits:W|hex:W`, of `digits:W[,pad=zero|space]|hex:W`.
std::string without_options(std::string_view grammar) {
    std::string out;
    int depth = 0;
    for (const char one : grammar) {
        depth += one == '[' ? 1 : 0;
        if (depth == 0) out += one;
        depth -= one == ']' ? 1 : 0;
    }
    return out;
}

// As many names as fit the rest of the line.
std::string some_names(std::string_view field, std::size_t columns) {
    std::string out;
    for (const auto& preset : framing_presets()) {
        if (preset.field != field) continue;
        if (out.size() + preset.name.size() + 5 > columns) return out + " ...";
        out += fmt::format("{}{}", out.empty() ? "" : " ", preset.name);
    }
    return out;
}

// Of a field of use: what each is for.
std::string names_of(std::string_view field) {
    constexpr std::size_t column = 21;
    auto out = fmt::format("{} (framewire framings NAME):\n", field);
    for (const auto& preset : framing_presets()) {
        if (preset.field != field) continue;
        out += fmt::format("  {:<18} {}\n", preset.name,
                           wrapped(std::string(preset.meaning), column));
    }
    return out;
}

std::string framings_overview() {
    std::string names;
    for (const auto& framing : framing_table()) {
        auto spec = without_options(framing.grammar);
        std::ranges::replace(spec, '|', ' ');
        names += fmt::format("{}{}", names.empty() ? "" : " ", spec);
    }
    constexpr std::size_t indent = 2;
    auto out = fmt::format(
        "Framings, written name[:argument][,option=value]... (framewire framings NAME):\n"
        "  {}\n"
        "Names of protocols by field of use (framewire framings FIELD, or all):\n",
        wrapped(names, indent));
    constexpr std::size_t column = 19;
    for (const auto& field : preset_fields()) {
        const auto count =
            std::ranges::count(framing_presets(), field.name, &framing_preset::field);
        out += fmt::format("  {:<11} {:>3}  {}\n", field.name, count,
                           some_names(field.name, screen_columns - column));
    }
    return out + "All take max=SIZE and oversize=close|skip: mllp,max=64KiB.\n";
}

}  // namespace

std::string framings_text(const std::vector<std::string>& wanted) {
    if (wanted.empty()) return framings_overview();
    std::string out;
    for (const auto& name : wanted) {
        if (name == "all") {
            out += to_text(all_framings());
            for (const auto& field : preset_fields()) out += names_of(field.name);
        } else if (is_field(name)) {
            out += names_of(name);
        } else {
            out += to_text(framing_rows({name}));
        }
    }
    return out;
}

std::vector<row> framing_rows(const std::vector<std::string>& wanted) {
    if (wanted.empty()) return all_framings();
    std::vector<row> found;
    for (const auto& name : wanted) add_wanted(name, found);
    return found;
}

}  // namespace framewire
