// Counts the protocols that are spoken: reads the table of protocols and the samples beside it,
// decodes every sample and encodes those that are marked `whole` or `reply`, byte for byte.
//
//     count_protocols FOLDER MINIMUM
//
// A row may say `full` only if each of its specs has a sample of this row that is written as it is
// read; one with `reply=` needs a sample of both directions. What is wrong is printed, and the
// status is 1; so it is if fewer rows than MINIMUM are full.
#include "framewire/codec/framing_table.hpp"
#include "framewire/session/session.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using framewire::framing;

std::vector<std::string> split(const std::string& text, const std::string& at) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (auto end = text.find(at); end != std::string::npos; end = text.find(at, begin)) {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + at.size();
    }
    parts.push_back(text.substr(begin));
    return parts;
}

std::vector<std::vector<std::string>> read_table(const std::string& path, std::size_t columns) {
    std::ifstream file(path);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        rows.push_back(split(line, "\t"));
        if (rows.back().size() != columns) throw std::runtime_error(path + ": " + line);
    }
    if (rows.empty()) throw std::runtime_error(path + " cannot be read");
    return rows;
}

std::string from_hexadecimal(const std::string& text) {
    std::string data;
    if (text == "-") return data;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        data += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
    }
    return data;
}

std::vector<std::string> all_from_hexadecimal(const std::string& text) {
    std::vector<std::string> all;
    for (const auto& one : split(text, " ")) all.push_back(from_hexadecimal(one));
    return all;
}

/// Without the names of presets, so that two ways to write a framing are the same.
std::string expanded(const std::string& spec) {
    const auto name = spec.substr(0, spec.find(','));
    const auto* const preset = framewire::find_preset(name);
    return preset == nullptr ? spec : std::string(preset->spec) + spec.substr(name.size());
}

struct sample {
    explicit sample(const std::vector<std::string>& row)
        : name(row[0]),
          spec(row[1]),
          mode(row[2]),
          frames(all_from_hexadecimal(row[3])),
          payloads(all_from_hexadecimal(row[4])),
          number(row[5]),
          source(row[6]) {}

    [[nodiscard]] bool is_written() const { return mode != "read"; }

    std::string name;
    std::string spec;
    std::string mode;
    std::vector<std::string> frames;
    std::vector<std::string> payloads;
    std::string number;
    std::string source;
};

/// A session that receives the sample, or one that sends it. In a sample of replies the other end
/// speaks.
framewire::session open(const sample& one, bool receives) {
    auto parsed = framing::parse(one.spec);
    if (!parsed) throw std::runtime_error(parsed.error().message());
    const bool is_server = receives == (one.mode != "reply");
    return {is_server ? *parsed : parsed->reversed(), framewire::limits{},
            framewire::delivery::whole, framewire::time_point{}};
}

/// A payload, or a frame that has none and is a message of its own.
struct message {
    std::string payload;
    bool is_idle = false;
    std::uint32_t field = 0;
};

std::vector<std::string> payloads_of(const std::vector<message>& messages) {
    std::vector<std::string> all;
    for (const auto& one : messages) all.push_back(one.payload);
    return all;
}

std::vector<message> receive(const sample& one, std::size_t piece_bytes) {
    auto session = open(one, true);
    std::string stream;
    for (const auto& frame : one.frames) stream += frame;
    std::vector<message> messages;
    const auto drain = [&] {
        while (const auto event = session.next()) {
            if (event->what == framewire::event::kind::failed) {
                throw std::runtime_error(session.failure()->words);
            }
            if (event->what == framewire::event::kind::frame) {
                const auto& piece = event->piece;
                messages.push_back({std::string(piece.payload), piece.idle, piece.field});
            }
        }
        session.hold();
    };
    for (std::size_t at = 0; at < stream.size(); at += piece_bytes) {
        session.receive(std::string_view(stream).substr(at, piece_bytes));
        drain();
    }
    session.receive_eof();
    drain();
    return messages;
}

/// What the other end of `receive` sends for one of the messages, all before it being sent.
std::string send(framewire::session& session, const sample& one, const message& what) {
    if (what.is_idle) {
        std::string frame;
        if (!framing::parse(one.spec)->encode_idle(what.field, frame)) {
            throw std::runtime_error("cannot be sent as idle");
        }
        return frame;
    }
    if (const auto sent = session.send(what.payload); !sent) {
        throw std::runtime_error("cannot be sent: " +
                                 std::string(framewire::error_name(sent.error())));
    }
    auto frame = std::string(session.output());
    session.sent(frame.size());
    return frame;
}

/// Throws if the sample is not read as it says, or not written.
void check(const sample& one) {
    constexpr std::size_t at_once = 1 << 20;
    const auto messages = receive(one, at_once);
    if (payloads_of(messages) != one.payloads) throw std::runtime_error("is read otherwise");
    // What `raw` delivers is what arrives at once.
    if (!one.spec.starts_with("raw") && payloads_of(receive(one, 1)) != one.payloads) {
        throw std::runtime_error("is read otherwise byte by byte");
    }
    if (!one.is_written()) return;
    auto session = open(one, false);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (send(session, one, messages[i]) != one.frames.at(i)) {
            throw std::runtime_error("is sent otherwise");
        }
    }
}

class report {
public:
    void complain(const std::string& about, const std::string& words) {
        std::cout << about << ": " << words << '\n';
        ++faults_;
    }
    [[nodiscard]] bool is_clean() const { return faults_ == 0; }

private:
    int faults_ = 0;
};

/// For each row's number: the specs, expanded, that a sample reads and writes.
using spoken_specs = std::map<std::string, std::set<std::string>>;

spoken_specs check_samples(const std::string& path, report& out) {
    spoken_specs spoken;
    std::set<std::string> names;
    for (const auto& row : read_table(path, 7)) {
        const sample one(row);
        if (!names.insert(one.name).second) out.complain(one.name, "is there twice");
        if (one.source.empty()) out.complain(one.name, "has no source");
        try {
            check(one);
        } catch (const std::exception& fault) {
            out.complain(one.name, fault.what());
            continue;
        }
        if (one.is_written()) {
            spoken[one.number].insert((one.mode == "reply" ? "reply " : "") + expanded(one.spec));
        }
    }
    return spoken;
}

/// Why the row is not full, or nothing.
std::string fault_of(const std::string& number, const std::string& spoken_as,
                     const spoken_specs& spoken) {
    const auto found = spoken.find(number);
    const auto has = [&](const std::string& what) {
        return found != spoken.end() && found->second.contains(what);
    };
    for (const auto& alternative : split(spoken_as, " ; ")) {
        for (const auto& spec : split(alternative, " > ")) {
            const auto whole = expanded(spec);
            if (!framing::parse(spec)) return spec + " is no framing";
            if (!has(whole)) return spec + " has no sample that is read and written";
            const bool differs = whole.find(",reply=") != std::string::npos;
            if (differs && !has("reply " + whole)) return spec + " has no sample of replies";
        }
    }
    return "";
}

struct tally {
    int full = 0;
    int all = 0;
};

int run(const std::string& folder, int minimum) {
    report out;
    const auto spoken = check_samples(folder + "/samples.tsv", out);
    std::vector<std::string> fields;
    std::map<std::string, tally> tallies;
    for (const auto& row : read_table(folder + "/protocols.tsv", 7)) {
        const auto& [number, protocol, field] = std::tie(row[0], row[1], row[2]);
        const auto& [state, spoken_as, reason] = std::tie(row[3], row[4], row[6]);
        if (!tallies.contains(field)) fields.push_back(field);
        auto& counts = tallies[field];
        ++counts.all;
        if (state == "full") {
            const auto fault = fault_of(number, spoken_as, spoken);
            if (!fault.empty()) out.complain(number + " " + protocol, fault);
            counts.full += fault.empty() ? 1 : 0;
        } else if ((state != "part" && state != "no") || reason.size() < 2) {
            out.complain(number + " " + protocol, "is neither full nor has a reason");
        }
    }
    tally sum;
    for (const auto& field : fields) {
        const auto& one = tallies[field];
        std::cout << one.full << " of " << one.all << "  " << field << '\n';
        sum.full += one.full;
        sum.all += one.all;
    }
    std::cout << sum.full << " of " << sum.all << "  all\n";
    if (sum.full < minimum) out.complain("too few", std::to_string(minimum) + " are expected");
    return out.is_clean() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 3) throw std::runtime_error("usage: count_protocols FOLDER MINIMUM");
        return run(arguments[1], std::stoi(arguments[2]));
    } catch (const std::exception& fault) {
        std::cerr << fault.what() << '\n';
        return 2;
    }
}
