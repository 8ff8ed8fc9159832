#pragma once

#include "dump/dump.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire::tests::dump_samples {

/// The same 25 bytes of the client in every form, as the tools print them, and the six of the
/// server's answer where a form has both sides.
enum class sides : std::uint8_t { client, both };

struct sample {
    std::string name;
    std::string text;
    sides shown = sides::client;
    dump_options options{};
};

[[nodiscard]] std::vector<sample> xxd();
[[nodiscard]] std::vector<sample> hexdump();
[[nodiscard]] std::vector<sample> od_bytes();
[[nodiscard]] std::vector<sample> od_words();
[[nodiscard]] std::vector<sample> wireshark();
[[nodiscard]] std::vector<sample> follow_stream();
[[nodiscard]] std::vector<sample> strace();
[[nodiscard]] std::vector<sample> tools();
[[nodiscard]] std::vector<sample> c_and_others();
[[nodiscard]] std::vector<sample> javascript();
[[nodiscard]] std::vector<sample> python();
[[nodiscard]] std::vector<sample> go();
[[nodiscard]] std::vector<sample> rust();
[[nodiscard]] std::vector<sample> java_and_csharp();

}  // namespace framewire::tests::dump_samples
