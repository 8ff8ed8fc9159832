#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/quote.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>

namespace framewire::tests {

/// A spec that is refused at a position, where something else was expected.
struct refused_spec {
    const char* spec;
    std::size_t position;
    const char* expected;
};

inline void PrintTo(const refused_spec& row, std::ostream* out) { *out << '"' << row.spec << '"'; }

/// What is found there: up to the next comma that is not escaped.
inline std::string found_at(std::string_view spec, std::size_t position) {
    if (position >= spec.size()) return " at the end";
    auto end = position;
    while (end < spec.size() && spec[end] != ',') end += spec[end] == '\\' ? 2U : 1U;
    return ", found " + quote(spec.substr(position, std::max(end - position, std::size_t{1})));
}

inline void expect_refused(const refused_spec& row) {
    const auto parsed = framing::parse(row.spec);
    ASSERT_FALSE(parsed) << row.spec;
    EXPECT_EQ(parsed.error().message(), "framing " + quote(row.spec) + ": expected " +
                                            row.expected + found_at(row.spec, row.position));
}

inline void expect_refused(std::initializer_list<refused_spec> rows) {
    for (const auto& row : rows) expect_refused(row);
}

}  // namespace framewire::tests
