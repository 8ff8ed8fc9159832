// What peers are known to send says the same whether a session is asked event by event or gives
// whole frames away in a row, and comes back as it would be encoded.

#include "framewire/transcript/replay.hpp"
#include "framewire/transcript/transcript.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace framewire::taking_tests {
namespace {

struct conversation {
    std::string name;
    class framing framing;
    std::string stream;
};

std::vector<conversation> conversations() {
    std::vector<conversation> all;
    for (const auto& file : std::filesystem::directory_iterator(FRAMEWIRE_TRANSCRIPTS)) {
        if (file.path().extension() != ".transcript") continue;
        std::ifstream text(file.path(), std::ios::binary);
        const auto written =
            transcript::parse(std::string(std::istreambuf_iterator<char>(text), {}));
        if (!written) continue;  // transcripts.says_the_same_however_it_is_cut fails then
        std::string stream;
        for (const auto& line : written->lines) {
            if (line.what == transcript_line::kind::from_peer) stream += line.text;
        }
        all.push_back({file.path().stem(), written->framing, stream});
    }
    return all;
}

// What was said and, as long as it could be framed, the answers: both as one text each.
struct outcome {
    std::string said;
    std::string replies;
    bool operator==(const outcome&) const = default;
};

std::vector<bytes> cut(bytes stream, std::size_t at) {
    std::vector<bytes> parts;
    if (at > 0) parts.push_back(stream.substr(0, at));
    if (at < stream.size()) parts.push_back(stream.substr(at));
    return parts;
}

void write(session& peer, outcome& all) {
    all.replies += peer.output();
    peer.drop_output();
}

outcome event_by_event(const conversation& one, std::size_t at) {
    session peer(one.framing, {}, delivery::whole, {});
    outcome all;
    const auto drain = [&] {
        while (const auto said = peer.next()) {
            all.said += print_event(peer, *said) + '\n';
            if (said->what == event::kind::frame) (void)peer.send(said->piece.payload);
        }
        peer.hold();
        write(peer, all);
    };
    for (const auto part : cut(one.stream, at)) {
        peer.receive(part);
        drain();
    }
    peer.receive_eof();
    drain();
    return all;
}

outcome in_a_row(const conversation& one, std::size_t at) {
    session peer(one.framing, {}, delivery::whole, {});
    outcome all;
    const auto answer = [&](const piece& part, std::uint64_t offset) {
        all.said += print_event(peer, {event::kind::frame, part, offset}) + '\n';
        if (!peer.lend(part.payload)) (void)peer.send(part.payload);
        return true;
    };
    const auto drain = [&] {
        while (const auto said = peer.next(answer)) {
            if (said->what == event::kind::frame) {
                answer(said->piece, said->offset);
            } else {
                all.said += print_event(peer, *said) + '\n';
            }
        }
        peer.hold();
        write(peer, all);
    };
    for (const auto part : cut(one.stream, at)) {
        peer.receive(part);
        drain();
    }
    peer.receive_eof();
    drain();
    return all;
}

TEST(taking, says_and_answers_the_same_as_event_by_event) {
    const auto all = conversations();
    ASSERT_GE(all.size(), 30U);
    for (const auto& one : all) {
        // Every cut of a long one would take long and show nothing new.
        const auto cuts = std::min<std::size_t>(one.stream.size(), 600);
        for (std::size_t at = 0; at <= cuts; ++at) {
            const auto apart = event_by_event(one, at);
            const auto together = in_a_row(one, at);
            ASSERT_EQ(together.said, apart.said) << one.name << " cut at " << at;
            ASSERT_TRUE(together.replies == apart.replies) << one.name << " cut at " << at;
        }
    }
}

}  // namespace
}  // namespace framewire::taking_tests
