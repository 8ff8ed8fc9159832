// What a frame costs in memory, without a socket. A benchmark is named WHAT|SPEC|TEXT|SIZE: decode
// by the framing's own decoder, by the variant of all decoders, encode, and memcpy of the same
// bytes.

#include "frames.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>

namespace framewire::bench {
namespace {

struct found {
    std::uint64_t frames = 0;
    std::uint64_t payload_bytes = 0;
};

template <stream_decoder D>
found decode(D& decoder, bytes input) {
    found all;
    for (auto next = decoder.next(input); next.what == step::piece; next = decoder.next(input)) {
        benchmark::DoNotOptimize(next.piece.payload.data());
        all.payload_bytes += next.piece.payload.size();
        all.frames += next.piece.last ? 1U : 0U;
    }
    return all;
}

void note(benchmark::State& state, const frames& made) {
    const auto stream_bytes = static_cast<std::int64_t>(made.stream.size());
    state.SetBytesProcessed(state.iterations() * stream_bytes);
    state.counters["frames"] = static_cast<double>(made.count);
}

template <stream_decoder D>
void run_decode(benchmark::State& state, D decoder, const frames& made) {
    for (auto _ : state) {
        const auto all = decode(decoder, made.stream);
        if (all.frames != made.count || all.payload_bytes != made.count * made.payload.size()) {
            state.SkipWithError("not what was encoded");
            break;
        }
    }
    note(state, made);
}

void run_encode(benchmark::State& state, const framing& framing, const frames& made) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        for (std::uint64_t i = 0; i < made.count; ++i) {
            static_cast<void>(framing.encode(made.payload, out));
        }
        benchmark::DoNotOptimize(out.data());
        if (out.size() != made.stream.size()) state.SkipWithError("not what is expected");
    }
    note(state, made);
}

void run_memcpy(benchmark::State& state, const frames& made) {
    std::string copy(made.stream.size(), '\0');
    for (auto _ : state) {
        std::memcpy(copy.data(), made.stream.data(), made.stream.size());
        benchmark::DoNotOptimize(copy.data());
        benchmark::ClobberMemory();
    }
    note(state, made);
}

template <codec C>
void add(const std::string& spec, const C& codec, text kind, std::size_t payload_bytes) {
    const auto parsed = framing::parse(spec);
    if (!parsed) {
        std::cerr << parsed.error().message() << '\n';
        std::exit(EXIT_FAILURE);
    }
    const auto made = frames_of(*parsed, payload_of(payload_bytes, kind));
    if (made.count == 0) return;
    const auto add_run = [&](const std::string& what, auto run) {
        const auto* const text = kind == text::ascii ? "ascii" : "mixed";
        benchmark::RegisterBenchmark(
            (what + "|" + spec + "|" + text + "|" + std::to_string(payload_bytes)).c_str(), run);
    };
    add_run("decode", [=](auto& state) { run_decode(state, codec.decoder({}), made); });
    add_run("decode_any",
            [=, any = *parsed](auto& state) { run_decode(state, any.decoder(), made); });
    add_run("encode", [=, any = *parsed](auto& state) { run_encode(state, any, made); });
    add_run("memcpy", [=](auto& state) { run_memcpy(state, made); });
}

void add_all(std::size_t size) {
    const auto chars = counting::in_characters;
    add("digits:10", digits{{.width = 10}, {}}, text::ascii, size);
    add("digits:10,pad=space", digits{{.width = 10, .pad = padding::space}, {}}, text::ascii,
        size);
    add("digits:10,count=chars", digits{{.width = 10, .count = chars}, {}}, text::ascii, size);
    add("digits:10,count=chars", digits{{.width = 10, .count = chars}, {}}, text::mixed, size);
    add("fixed:" + std::to_string(size), fixed{size}, text::ascii, size);
    add("u8", binary_length{{.width = 1}, {}}, text::ascii, size);
    add("u16be", binary_length{{.width = 2}, {}}, text::ascii, size);
    add("u32be", binary_length{{.width = 4}, {}}, text::ascii, size);
    add("u32le", binary_length{{.width = 4, .little_endian = true}, {}}, text::ascii, size);
    add("u64be", binary_length{{.width = 8}, {}}, text::ascii, size);
    add("varint", varint{}, text::ascii, size);
    add("netstring", decimal{{}, {.end_size = 1, .end{','}}}, text::ascii, size);
    add("octet-count", decimal{{.terminator{' '}}, {}}, text::ascii, size);
    add("content-length", content_length{}, text::ascii, size);
    add("line", line{}, text::ascii, size);
    add(R"(delimiter:\n)", delimiter{boundary("\n")}, text::ascii, size);
    add(R"(delimiter:\r\n)", delimiter{boundary("\r\n")}, text::ascii, size);
    add(R"(delimiter:\x03)", delimiter{boundary("\x03")}, text::ascii, size);
    add("mllp", between{{.start = short_bytes("\x0B"), .end = short_bytes("\x1C\r")}}, text::ascii,
        size);
}

}  // namespace
}  // namespace framewire::bench

int main(int count, char** arguments) {
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    for (const std::size_t size : {64U, 4096U, 65536U}) framewire::bench::add_all(size);
    benchmark::RunSpecifiedBenchmarks();
}
