#include "events.hpp"

#include "cli/json_members.hpp"
#include "cli/timestamp.hpp"
#include "framewire/transcript/transcript.hpp"
#include "report.hpp"

#include <chrono>

namespace framewire {
namespace {

std::uint64_t in_microseconds(std::chrono::nanoseconds time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

void begin(std::string_view name, json_members& line) {
    line.add("time", timestamp(std::chrono::system_clock::now()).text());
    line.add("event", name);
}

}  // namespace

std::string print_difference_event(const script& all, const mismatch& found, played_end played) {
    const auto& step = found.step;
    const auto number = all.connections.at(step.connection).number;
    json_members line;
    begin("difference", line);
    line.add(all.is_captured ? "stream" : "connection", all.is_captured ? number - 1 : number);
    if (step.place > 0) line.add(all.is_captured ? "packet" : "line", step.place);
    line.add("direction", "received");
    line.add("offset", found.received_at);
    if (is_message(step)) line.add("number", found.number);
    if (!step.data.empty() && !found.received.empty()) {
        line.add("differs_at", found.received_byte);
    }
    line.add("expected", print_bytes(step.data));
    line.add("received", print_bytes(found.received));
    line.add("message", difference_words(all, found, played));
    return line.end();
}

std::string print_result_event(const performance_result& found, bool keeps_time) {
    json_members line;
    begin("played", line);
    line.add("connections", found.connections);
    line.add("messages", found.messages);
    line.add("compared", found.compared);
    line.add("differences", found.differences);
    if (keeps_time && found.connections > 0) {
        line.add("late_max_us", in_microseconds(found.late_max));
        line.add("behind_us", in_microseconds(found.behind));
    }
    return line.end();
}

}  // namespace framewire
