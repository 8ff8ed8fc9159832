#include "net/connection_state.hpp"

#include <gtest/gtest.h>
#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace framewire::tests::connection_state_tests {
namespace {

constexpr std::array states{connection_state::open, connection_state::draining,
                            connection_state::closing, connection_state::lingering,
                            connection_state::closed};
constexpr std::array events{connection_event::drain, connection_event::close,
                            connection_event::sent, connection_event::end,
                            connection_event::abort};

std::string_view name(connection_state state) {
    return connection_state_names.at(static_cast<std::size_t>(state));
}

std::string_view name(connection_event event) {
    return connection_event_names.at(static_cast<std::size_t>(event));
}

// As ARCHITECTURE.md has it: a row for each state, empty where nothing changes.
std::string table() {
    std::string out = "| |";
    for (const auto event : events) (out += " `").append(name(event)) += "` |";
    out += "\n| --- | --- | --- | --- | --- | --- |\n";
    for (const auto state : states) {
        (out += "| **").append(name(state)) += "** |";
        for (const auto event : events) {
            const auto next = next_state(state, event);
            (out += ' ').append(next == state ? "" : name(next)) += next == state ? "|" : " |";
        }
        out += '\n';
    }
    return out;
}

TEST(connection_state, never_goes_back) {
    for (const auto state : states) {
        for (const auto event : events) {
            EXPECT_GE(next_state(state, event), state) << name(state) << " " << name(event);
        }
    }
}

TEST(connection_state, is_closed_by_an_abort_and_for_good) {
    for (const auto state : states) {
        EXPECT_EQ(next_state(state, connection_event::abort), connection_state::closed);
    }
    for (const auto event : events) {
        EXPECT_EQ(next_state(connection_state::closed, event), connection_state::closed);
    }
}

TEST(connection_state, lingers_only_after_everything_was_sent) {
    for (const auto state : states) {
        for (const auto event : events) {
            if (next_state(state, event) != connection_state::lingering) continue;
            const bool is_sent =
                state == connection_state::closing && event == connection_event::sent;
            EXPECT_TRUE(is_sent || state == connection_state::lingering)
                << name(state) << " " << name(event);
        }
    }
}

TEST(connection_state, serves_until_it_closes_and_is_over_once_it_lingers) {
    std::string serving;
    std::string over;
    for (const auto state : states) {
        if (is_serving(state)) serving.append(name(state)) += ' ';
        if (is_over(state)) over.append(name(state)) += ' ';
    }
    EXPECT_EQ(serving, "open draining ");
    EXPECT_EQ(over, "lingering closed ");
}

TEST(connection_state, is_drawn_in_the_architecture_page) {
    std::ifstream file(FRAMEWIRE_ARCHITECTURE);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(page.find(table()), std::string::npos) << "the table is now:\n" << table();
}

}  // namespace
}  // namespace framewire::tests::connection_state_tests
