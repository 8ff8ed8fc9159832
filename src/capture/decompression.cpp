#include "decompression.hpp"

#include "byte_reader.hpp"
#include "zstd_library.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <memory>
#include <utility>

namespace framewire {
namespace {

using read_size = result<std::size_t>;
constexpr std::size_t input_bytes = 64 * std::size_t{1024};
constexpr bytes gzip_magic = "\x1F\x8B";
constexpr bytes zstd_magic = "\x28\xB5\x2F\xFD";

tl::unexpected<failure> damaged(std::string_view format, std::string_view why) {
    return tl::unexpected(failure{fmt::format("it is compressed with {}: {}", format, why)});
}

class gzip_source {
public:
    explicit gzip_source(byte_reader input) : input_(std::move(input)) {
        constexpr int gzip_only = 16;
        is_set_up_ = ::inflateInit2(&state_, MAX_WBITS + gzip_only) == Z_OK;
    }
    gzip_source(const gzip_source&) = delete;
    gzip_source& operator=(const gzip_source&) = delete;
    ~gzip_source() {
        if (is_set_up_) ::inflateEnd(&state_);
    }

    read_size read(std::span<char> into) {
        if (!is_set_up_) return damaged("gzip", "no memory");
        for (;;) {
            const auto input = input_.peek(input_bytes);
            if (!input) return tl::unexpected(input.error());
            if (input->empty()) return 0;
            if (is_between_members_) {
                // Some programs pad the end with zeros.
                if (!input->starts_with(gzip_magic)) return 0;
                ::inflateReset(&state_);
                is_between_members_ = false;
            }
            // zlib does not write to what it reads.
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): its type has no const.
            state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input->data()));
            state_.avail_in = static_cast<uInt>(input->size());
            state_.next_out = reinterpret_cast<Bytef*>(into.data());
            state_.avail_out = static_cast<uInt>(into.size());
            const int outcome = ::inflate(&state_, Z_NO_FLUSH);
            if (const auto passed = input_.skip(input->size() - state_.avail_in); !passed) {
                return tl::unexpected(passed.error());
            }
            if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) {
                return damaged("gzip", state_.msg != nullptr ? state_.msg : "it is damaged");
            }
            is_between_members_ = outcome == Z_STREAM_END;
            const auto size = into.size() - state_.avail_out;
            if (size > 0) return size;
        }
    }

private:
    byte_reader input_;
    z_stream state_{};
    bool is_set_up_ = false;
    bool is_between_members_ = false;
};

struct free_zstd {
    void operator()(ZSTD_DCtx* state) const noexcept { zstd_library::load()->free(state); }
};

class zstd_source {
public:
    explicit zstd_source(byte_reader input) : input_(std::move(input)) {
        // 16 MiB: more than level 19 uses, and less than what we promise to stay below.
        constexpr int window_log_max = 24;
        if (library_ == nullptr) return;
        state_.reset(library_->create());
        if (state_) library_->set(state_.get(), ZSTD_d_windowLogMax, window_log_max);
    }

    read_size read(std::span<char> into) {
        if (!state_) return damaged("zstd", "libzstd is not installed");
        for (;;) {
            const auto input = input_.peek(input_bytes);
            if (!input) return tl::unexpected(input.error());
            ZSTD_inBuffer from{input->data(), input->size(), 0};
            ZSTD_outBuffer to{into.data(), into.size(), 0};
            const auto outcome = library_->decompress(state_.get(), &to, &from);
            if (library_->is_error(outcome) != 0) {
                return damaged("zstd", library_->error_name(outcome));
            }
            if (const auto passed = input_.skip(from.pos); !passed) {
                return tl::unexpected(passed.error());
            }
            if (to.pos > 0 || input->empty()) return to.pos;
        }
    }

private:
    byte_reader input_;
    const zstd_library* library_ = zstd_library::load();
    std::unique_ptr<ZSTD_DCtx, free_zstd> state_;
};

// A function can be copied.
template <class Source>
byte_source shared(byte_reader input) {
    return [source = std::make_shared<Source>(std::move(input))](std::span<char> into) {
        return source->read(into);
    };
}

byte_source as_it_is(byte_reader input) {
    return [input = std::make_shared<byte_reader>(std::move(input))](
               std::span<char> into) -> read_size {
        const auto some = input->peek(std::min(into.size(), input_bytes));
        if (!some) return tl::unexpected(some.error());
        const auto size = std::min(some->size(), into.size());
        std::copy_n(some->begin(), size, into.begin());
        return input->skip(size).map([](auto passed) { return static_cast<std::size_t>(passed); });
    };
}

}  // namespace

byte_source decompressed(byte_source from) {
    byte_reader input(std::move(from));
    const auto begin = input.peek(zstd_magic.size());
    if (begin && begin->starts_with(gzip_magic)) return shared<gzip_source>(std::move(input));
    if (begin && begin->starts_with(zstd_magic)) return shared<zstd_source>(std::move(input));
    return as_it_is(std::move(input));
}

}  // namespace framewire
