#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {

/// How much a line of the log matters: what `--log-level` compares.
enum class log_level : std::uint8_t {
    error,    ///< the server cannot do what it should
    warning,  ///< a connection failed or was refused
    notice,   ///< what an operator does: starts, signals
    info,     ///< each connection that has ended
    debug,    ///< each connection that opens
};

[[nodiscard]] std::string_view name_of(log_level level) noexcept;

/// How the log is written.
enum class log_format : std::uint8_t {
    plain,   ///< `framewire serve: WORDS`
    text,    ///< `time=... level=... event=...`, and so on: logfmt
    object,  ///< the same as a JSON object
};

/// One line of the log: in words, and in fields for programs. What a peer sent is escaped.
class log_record {
public:
    /// `event` outlives this.
    log_record(log_level level, std::string_view event, std::string words = {})
        : level_(level), event_(event), words_(std::move(words)) {}

    /// Names outlive this. An empty text is omitted.
    log_record& add(std::string_view name, std::string text);
    log_record& add(std::string_view name, std::uint64_t number);
    log_record& add_seconds(std::string_view name, double seconds);
    /// What programs get instead of the words, as they have the rest in fields; may be empty.
    log_record& message(std::string words) {
        message_ = std::move(words);
        return *this;
    }

    [[nodiscard]] log_level level() const noexcept { return level_; }
    /// With its line feed.
    [[nodiscard]] std::string line(log_format how) const;

private:
    struct field {
        std::string_view name;
        std::string value;
        bool is_text;
    };

    [[nodiscard]] std::string logfmt() const;
    [[nodiscard]] std::string json() const;
    [[nodiscard]] const std::string& meaning() const noexcept {
        return message_ ? *message_ : words_;
    }

    log_level level_;
    std::string_view event_;
    std::string words_;
    std::optional<std::string> message_{};
    std::vector<field> fields_{};
};

}  // namespace framewire
