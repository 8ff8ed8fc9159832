#pragma once

#include "case_recording.hpp"
#include "case_runner.hpp"
#include "check_case.hpp"
#include "client_source.hpp"
#include "explain_finding.hpp"
#include "steps.hpp"
#include "verdict.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace framewire {

/// What a client does while nothing is wrong with the replies.
struct client_habits {
    enum class ending : std::uint8_t { none, finished, reset };

    std::string first_message{};
    std::size_t messages = 0;
    bool sends_ahead = false;  ///< before it has the reply
    bool has_more = false;     ///< messages than are replied to
    ending how = ending::none;
    std::optional<int> status{};          ///< of the command, if it ends
    std::optional<std::string> output{};  ///< if it is always the same
};

/// One script, played with a connection that a client has made.
class client_run {
public:
    /// Without `usual`, the habits are only noted. Requires: all arguments outlive this.
    client_run(const check_plan& plan, const check_row& row, const check_script& script,
               const client_habits* usual);

    /// The first thing that is wrong, if any. `keeps_open`: the client was seen not to end a
    /// connection where it should; that is not waited for as long again.
    [[nodiscard]] std::optional<check_finding> play(client_visit visit, bool& keeps_open);
    /// The first thing that is only unwise. Valid after `play` has found nothing.
    [[nodiscard]] const std::optional<check_finding>& advice() const noexcept { return advice_; }
    [[nodiscard]] const client_habits& habits() const noexcept { return seen_; }

private:
    using finding = std::optional<check_finding>;

    finding perform(const check_step& step, bool& keeps_open);
    finding receive(bool may_end);
    finding serve(const check_step& step);
    finding reply(const check_step& step);
    finding pass(std::chrono::milliseconds time);
    finding too_early();
    finding expect_usual();
    finding expect_end(const check_step& step, bool& keeps_open);
    finding judge_program(bool is_served);
    finding compare_output();
    std::optional<arrival> take(std::chrono::milliseconds within);
    finding note_message(const arrival& one);
    void send(bytes data);
    void end_stream();
    [[nodiscard]] std::size_t messages_max() const noexcept;
    [[nodiscard]] std::chrono::milliseconds message_timeout() const;
    [[nodiscard]] std::string frame_of_reply() const;
    [[nodiscard]] std::string masked_output() const;
    [[nodiscard]] check_finding found(std::string expected, std::string seen,
                                      std::string_view advice = {}) const;
    [[nodiscard]] check_finding found_instead(std::string expected, const arrival& seen,
                                              std::string_view advice = {}) const;

    const check_plan& plan_;
    const check_subject& subject_;
    const check_row& row_;
    const check_script& script_;
    const client_habits* usual_;
    std::optional<live_peer> peer_;
    std::optional<client_program> program_;
    std::string port_;      // its own
    bool is_over_ = false;  // the rest of the script has no use
    std::deque<arrival> early_;
    std::string message_;
    client_habits seen_;
    case_recording recording_;
    std::string sent_;      // in pieces, as in a transcript
    std::string received_;  // the first bytes
    finding advice_;
};

}  // namespace framewire
