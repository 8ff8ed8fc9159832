#include "line_reader.hpp"

#include "cli/print.hpp"

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

namespace framewire {
namespace {

volatile std::sig_atomic_t interrupt_seen = 0;
volatile std::sig_atomic_t screen_changed = 0;  // brought back by `fg`, or resized

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
        action.sa_handler = [](int) { screen_changed = 1; };
        ::sigaction(SIGCONT, &action, nullptr);
        ::sigaction(SIGWINCH, &action, nullptr);
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

// The editor counts columns by characters, so it needs UTF-8, even if the environment of a bare
// system does not set it.
void use_utf8() {
    (void)std::setlocale(LC_CTYPE, "");
    if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0)
        (void)std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

line_reader::line_reader(int peer_descriptor)
    : peer_descriptor_(peer_descriptor),
      history_(nullptr, ::history_end),
      editor_(nullptr, ::el_end) {
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return;
    use_utf8();
    editor_.reset(::el_init("framewire", stdin, stdout, stderr));
    history_.reset(::history_init());
    if (!editor_ || !history_) return;
    constexpr int lines_remembered = 1000;
    HistEvent ignored{};
    ::history(history_.get(), &ignored, H_SETSIZE, lines_remembered);
    ::history(history_.get(), &ignored, H_SETUNIQUE, 1);
    ::el_set(editor_.get(), EL_CLIENTDATA, this);
    ::el_set(editor_.get(), EL_EDITOR, "emacs");
    ::el_set(editor_.get(), EL_PROMPT, &line_reader::prompt_of);
    ::el_set(editor_.get(), EL_GETCFN, &line_reader::next_character_of);
    ::el_set(editor_.get(), EL_HIST, ::history, history_.get());
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
    int size = 0;
    const char* text = ::el_gets(editor_.get(), &size);
    if (reason_ != wait_end::line) return reason_;
    if (text == nullptr || size <= 0) return wait_end::end;
    line.assign(text, static_cast<std::size_t>(size));
    if (line.ends_with('\n')) line.pop_back();
    HistEvent ignored{};
    if (!line.empty()) ::history(history_.get(), &ignored, H_ENTER, line.c_str());
    return wait_end::line;
}

wait_end line_reader::read_plain(std::string& line) {
    while (true) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos) {
            line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return wait_end::line;
        }
        if (const auto reason = wait(); reason != wait_end::line) return reason;
        std::array<char, 4096> buffer{};
        const auto size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (size > 0) {
            buffer_.append(buffer.data(), static_cast<std::size_t>(size));
        } else if (buffer_.empty()) {
            return wait_end::end;
        } else {
            buffer_ += '\n';
        }
    }
}

// Returns `line` when standard input is readable.
wait_end line_reader::wait() {
    sigset_t all_allowed;
    sigemptyset(&all_allowed);
    std::array<pollfd, 2> watched{{{STDIN_FILENO, POLLIN, 0}, {peer_descriptor_, POLLIN, 0}}};
    while (true) {
        const int ready = ::ppoll(watched.data(), watched.size(), nullptr, &all_allowed);
        if (interrupt_seen != 0) return wait_end::interrupted;
        if (editor_ && screen_changed != 0) redraw();
        if (ready < 0 && errno == EINTR) continue;
        if (ready > 0 && watched[1].revents != 0) return wait_end::peer;
        return wait_end::line;
    }
}

void line_reader::redraw() {
    screen_changed = 0;
    ::el_set(editor_.get(), EL_PREP_TERM, 1);
    ::el_resize(editor_.get());
    ::el_set(editor_.get(), EL_REFRESH);
}

wait_end line_reader::wait_for_peer(std::chrono::milliseconds timeout) const {
    using std::chrono::steady_clock;
    const interrupt_guard guard;
    sigset_t all_allowed;
    sigemptyset(&all_allowed);
    pollfd watched{peer_descriptor_, POLLIN, 0};
    const auto until = steady_clock::now() + timeout;
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
        const auto ms = std::max<std::int64_t>(left.count(), 0);
        const timespec rest{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
        const int ready =
            ::ppoll(&watched, 1, timeout.count() == 0 ? nullptr : &rest, &all_allowed);
        if (interrupt_seen != 0) return wait_end::interrupted;
        if (ready > 0) return wait_end::peer;
        if (ready == 0) return wait_end::end;
    }
}

int line_reader::next_character(wchar_t* character) {
    std::mbstate_t state{};
    while (true) {
        reason_ = wait();
        if (reason_ != wait_end::line) return 0;
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
        return 1;
    }
}

int line_reader::next_character_of(EditLine* editor, wchar_t* character) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<line_reader*>(self)->next_character(character);
}

const char* line_reader::prompt_of(EditLine* editor) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<line_reader*>(self)->prompt_.c_str();
}

}  // namespace framewire
