#pragma once

#include "framewire/core/duration_histogram.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// Text in the exposition format of Prometheus, version 0.0.4: families of samples, each with what
/// it means. Names are of `[a-z0-9_]`, counters end in `_total`.
class exposition {
public:
    static constexpr std::string_view media_type = "text/plain; version=0.0.4; charset=utf-8";

    /// A family of one sample without labels.
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, double value);
    /// In seconds.
    void histogram(std::string_view name, std::string_view help, const duration_histogram& of);

    /// Begins a family whose samples have a label.
    void begin(std::string_view name, std::string_view type, std::string_view help);
    /// A sample of the family that was begun. Without a label, it is the only one.
    /// The label's value may be any UTF-8.
    void sample(std::string_view label, std::string_view value, double number);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    void line(std::string_view name, std::string_view labels, double number);

    std::string name_;  // of the family that was begun
    std::string text_;
};

}  // namespace framewire
