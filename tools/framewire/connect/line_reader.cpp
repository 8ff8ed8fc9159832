#include "line_reader.hpp"

#include "cli/print.hpp"
#include "framewire/core/error.hpp"
#include "history_file.hpp"
#include "screen_rows.hpp"

#include <histedit.h>
#include <langinfo.h>
#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <cwchar>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>

namespace framewire {
namespace {

constexpr int lines_remembered = 1000;

volatile std::sig_atomic_t interrupt_seen = 0;
volatile std::sig_atomic_t continued = 0;  // by `fg`
volatile std::sig_atomic_t resized = 0;

// Handles Ctrl-C only during a wait, and receives it only inside ppoll; at any other time Ctrl-C
// ends the program as usual.
class interrupt_guard {
public:
    interrupt_guard() {
        interrupt_seen = 0;
        sigset_t blocked;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGINT);
        ::sigprocmask(SIG_BLOCK, &blocked, &mask_before_);
        struct sigaction action {};
        action.sa_handler = [](int) { interrupt_seen = 1; };
        ::sigaction(SIGINT, &action, &action_before_);
    }
    interrupt_guard(const interrupt_guard&) = delete;
    interrupt_guard& operator=(const interrupt_guard&) = delete;
    ~interrupt_guard() {
        ::sigaction(SIGINT, &action_before_, nullptr);
        ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    }

private:
    sigset_t mask_before_{};
    struct sigaction action_before_ {};
};

// These too are received only inside ppoll, for the rest of the program: one that came just before
// would be seen only after the next key.
void watch_terminal() {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCONT);
    sigaddset(&blocked, SIGWINCH);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
    struct sigaction action {};
    action.sa_handler = [](int) { continued = 1; };
    ::sigaction(SIGCONT, &action, nullptr);
    action.sa_handler = [](int) { resized = 1; };
    ::sigaction(SIGWINCH, &action, nullptr);
}

// The editor counts columns by characters, so it needs UTF-8, even if the environment of a bare
// system does not set it.
void use_utf8() {
    (void)std::setlocale(LC_CTYPE, "");
    if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0)
        (void)std::setlocale(LC_CTYPE, "C.UTF-8");
}

// How many are ready, or -1 after a signal. Throws if the system has failed for a second: lack of
// memory may pass.
int wait_on(std::span<pollfd> watched, const timespec* rest) {
    constexpr int failures_max = 100;
    constexpr std::chrono::milliseconds pause{10};
    sigset_t all_allowed;
    sigemptyset(&all_allowed);
    for (int failures = 0;; ++failures) {
        const int ready = ::ppoll(watched.data(), watched.size(), rest, &all_allowed);
        if (ready >= 0 || errno == EINTR) return ready;
        if (failures == failures_max) {
            throw std::runtime_error("cannot wait for input: " + system_words(errno));
        }
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace

line_reader::line_reader(std::array<int, 2> peer_descriptors, history_file* kept,
                         peer_function on_peer)
    : peer_descriptors_(peer_descriptors),
      kept_(kept),
      on_peer_(std::move(on_peer)),
      history_(nullptr, ::history_end),
      editor_(nullptr, ::el_end) {
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return;
    use_utf8();
    editor_.reset(::el_init("framewire", stdin, stdout, stderr));
    history_.reset(::history_init());
    if (!editor_ || !history_) return;
    watch_terminal();
    HistEvent ignored{};
    ::history(history_.get(), &ignored, H_SETSIZE, lines_remembered);
    ::history(history_.get(), &ignored, H_SETUNIQUE, 1);
    if (kept_ != nullptr) {
        for (const auto& line : kept_->read(lines_remembered)) {
            ::history(history_.get(), &ignored, H_ENTER, line.c_str());
        }
    }
    ::el_set(editor_.get(), EL_CLIENTDATA, this);
    ::el_set(editor_.get(), EL_EDITOR, "emacs");
    ::el_set(editor_.get(), EL_PROMPT, &line_reader::prompt_of);
    ::el_set(editor_.get(), EL_GETCFN, &line_reader::next_character_of);
    ::el_set(editor_.get(), EL_HIST, ::history, history_.get());
    ::el_set(editor_.get(), EL_BIND, "^I", "ed-insert", nullptr);
    ::el_set(editor_.get(), EL_BIND, "\\e[1;5D", "ed-prev-word", nullptr);
    ::el_set(editor_.get(), EL_BIND, "\\e[1;5C", "em-next-word", nullptr);
    ::el_source(editor_.get(), nullptr);
}

line_reader::~line_reader() = default;

wait_end line_reader::read(const std::string& prompt, std::string& line) {
    const interrupt_guard guard;
    prompt_ = prompt;
    if (editor_) return read_edited(line);
    if (!prompt.empty()) print(prompt);
    return read_plain(line);
}

wait_end line_reader::read_edited(std::string& line) {
    reason_ = wait_end::line;
    had_text_ = false;
    int size = 0;
    const char* text = ::el_gets(editor_.get(), &size);
    is_edited_ = false;
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (reason_ != wait_end::line) return reason_;
    if (text == nullptr || size <= 0) return wait_end::end;
    line.assign(text, static_cast<std::size_t>(size));
    if (line.ends_with('\n')) line.pop_back();
    remember(line);
    return wait_end::line;
}

void line_reader::remember(const std::string& line) {
    if (line.empty()) return;
    HistEvent latest{};
    const bool is_repeated = ::history(history_.get(), &latest, H_FIRST) == 0 &&
                             latest.str != nullptr && line == latest.str;
    ::history(history_.get(), &latest, H_ENTER, line.c_str());
    if (kept_ != nullptr && !is_repeated) kept_->append(line);
}

wait_end line_reader::read_plain(std::string& line) {
    while (true) {
        if (const auto end = buffer_.find('\n', searched_); end != std::string::npos) {
            line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            searched_ = 0;
            return wait_end::line;
        }
        searched_ = buffer_.size();
        if (input_ended_) return wait_end::end;
        if (const auto reason = wait(); reason != wait_end::line) return reason;
        read_more();
    }
}

// The last line may have no end.
void line_reader::read_more() {
    std::array<char, 4096> buffer{};
    const auto size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    input_ended_ = size <= 0;
    if (size > 0) {
        buffer_.append(buffer.data(), static_cast<std::size_t>(size));
    } else if (!buffer_.empty()) {
        buffer_ += '\n';
    }
}

bool line_reader::at_end() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (!input_ended_ && buffer_.empty() && ::poll(&input, 1, 0) > 0) read_more();
    return input_ended_ && buffer_.empty();
}

// Returns `line` when standard input is readable. A peer that sends without a pause must not keep
// the person from typing, so both have their turn.
wait_end line_reader::wait() {
    std::array<pollfd, 3> watched{{{STDIN_FILENO, POLLIN, 0},
                                   {peer_descriptors_[0], POLLIN, 0},
                                   {peer_descriptors_[1], POLLIN, 0}}};
    while (true) {
        if (editor_ && (continued != 0 || resized != 0)) redraw();
        const int ready = wait_on(watched, nullptr);
        if (interrupt_seen != 0) return wait_end::interrupted;
        if (ready < 0) continue;
        const bool of_peer = watched[1].revents != 0 || watched[2].revents != 0;
        if (of_peer && !on_peer_()) return wait_end::peer;
        if (!of_peer || watched[0].revents != 0) return wait_end::line;
    }
}

// Most terminals wrap lines anew when they are resized, so the new width says where the line
// begins. A program that was in the foreground before has left the cursor in a line of its own.
void line_reader::redraw() {
    const bool is_in_place = continued == 0;
    continued = 0;
    resized = 0;
    ::el_set(editor_.get(), EL_PREP_TERM, 1);
    ::el_resize(editor_.get());
    if (is_in_place) print(erasure());
    ::el_set(editor_.get(), EL_REFRESH);
}

void line_reader::print_above(std::string_view lines) {
    if (!is_edited_) return print(lines);
    print(erasure() + std::string(lines));
    ::el_set(editor_.get(), EL_REFRESH);
}

void line_reader::erase() { print(erasure_); }

// A terminal that cannot move its cursor gets a new line instead.
std::string line_reader::erasure() const {
    const char* up = nullptr;
    const char* clear = nullptr;
    int columns = 0;
    ::el_get(editor_.get(), EL_GETTC, "up", &up);
    ::el_get(editor_.get(), EL_GETTC, "cd", &clear);
    ::el_get(editor_.get(), EL_GETTC, "co", &columns);
    if (up == nullptr || clear == nullptr) return "\n";
    const auto* const line = ::el_wline(editor_.get());
    const std::wstring_view text(line->buffer,
                                 static_cast<std::size_t>(line->cursor - line->buffer));
    std::string out = "\r";
    const auto rows = rows_before_cursor(prompt_, text, static_cast<std::size_t>(columns));
    for (std::size_t row = 0; row < rows; ++row) out += "\x1b[A";
    return out + "\x1b[J";
}

wait_end line_reader::wait_for_peer(std::chrono::milliseconds timeout) const {
    using std::chrono::steady_clock;
    const interrupt_guard guard;
    std::array<pollfd, 2> watched{
        {{peer_descriptors_[0], POLLIN, 0}, {peer_descriptors_[1], POLLIN, 0}}};
    const auto until = steady_clock::now() + timeout;
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
        const auto ms = std::max<std::int64_t>(left.count(), 0);
        const timespec rest{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
        const int ready = wait_on(watched, timeout.count() == 0 ? nullptr : &rest);
        if (interrupt_seen != 0) return wait_end::interrupted;
        if (ready > 0) return wait_end::peer;
        if (ready == 0) return wait_end::end;
    }
}

int line_reader::next_character(wchar_t* character) {
    std::mbstate_t state{};
    is_edited_ = true;
    while (true) {
        reason_ = wait();
        if (reason_ != wait_end::line) {
            const auto* const line = ::el_wline(editor_.get());
            had_text_ = line->lastchar != line->buffer;
            if (reason_ == wait_end::interrupted) erasure_ = erasure();
            return 0;
        }
        char byte = 0;
        // Ctrl-D arrives as a zero byte if it was typed between two waits.
        if (::read(STDIN_FILENO, &byte, 1) != 1 || byte == 0) {
            reason_ = wait_end::end;
            return 0;
        }
        const auto size = std::mbrtowc(character, &byte, 1, &state);
        if (size == static_cast<std::size_t>(-2)) continue;
        if (size == static_cast<std::size_t>(-1)) {
            state = {};  // not UTF-8, so not from a keyboard
            continue;
        }
        if (*character != L'\t' || !types_path()) return 1;
        complete_path();
    }
}

bool line_reader::types_path() const {
    const auto* const line = ::el_line(editor_.get());
    const std::string_view text(line->buffer,
                                static_cast<std::size_t>(line->lastchar - line->buffer));
    return !path_beginning_.empty() && text.starts_with(path_beginning_);
}

// Not by a command of the editor (`EL_ADDFN`): those of its users are never freed.
void line_reader::complete_path() {
    const auto before = erasure();
    const bool has_listed = ::_el_fn_complete(editor_.get(), '\t') == CC_REDISPLAY;
    if (!has_listed) print(before);
    ::el_set(editor_.get(), EL_REFRESH);
}

int line_reader::next_character_of(EditLine* editor, wchar_t* character) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    auto& reader = *static_cast<line_reader*>(self);
    try {
        return reader.next_character(character);
    } catch (...) {
        reader.thrown_ = std::current_exception();
        return 0;
    }
}

const char* line_reader::prompt_of(EditLine* editor) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<line_reader*>(self)->prompt_.c_str();
}

}  // namespace framewire
