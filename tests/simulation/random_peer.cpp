#include "random_peer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <string>

namespace framewire::tests {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using ending = peer_habits::ending;

class maker {
public:
    maker(random_source& random, const peer_rules& rules) : random_(random), rules_(rules) {}

    random_peer make() {
        says_.name = std::to_string(rules_.number);
        habits_.think = milliseconds(random_.below(100));
        habits_.in_flight = random_.one_of<std::size_t>({1, 1, 2, 10'000});
        habits_.ends = random_.one_of({ending::half_close, ending::close, ending::stay});
        messages_ = random_.below(12);
        auto kind = random_.below(16);
        if (rules_.crowd) {
            messages_ = random_.below(2);
            kind = random_.one_of<std::size_t>({0, 0, 5});
        }
        if (kind < 5) {
            be_honest(kind);
        } else if (kind < 9) {
            leave_early(kind);
        } else {
            hold_on(kind);
        }
        return {habits_, std::move(says_)};
    }

private:
    void be_honest(std::size_t kind) {
        habits_.name = "prompt";
        if (kind == 1) {
            habits_.name = "splitter";
            habits_.chunk_max = random_.one_of<std::size_t>({1, 3, 20});
            habits_.chunk_pause = microseconds(random_.below(500));
        } else if (kind == 2) {
            habits_.name = "slow reader";
            habits_.in_flight = 10'000;
            habits_.read_max = random_.between<std::size_t>(100, 3'000);
            habits_.read_pause = milliseconds(20);
            messages_ = random_.one_of<std::size_t>({20, 100});
        } else if (kind == 3) {
            habits_.name = "pipelining";
            habits_.in_flight = 10'000;
            habits_.think = {};
            messages_ = random_.one_of<std::size_t>({10, 100, 300});
        } else if (kind == 4) {
            habits_.name = "half-closing";
            habits_.in_flight = 10'000;
            habits_.ends = ending::half_close;
            habits_.ends_unanswered = true;
        }
        talk();
        add_last();
    }

    void leave_early(std::size_t kind) {
        habits_.honest = false;
        habits_.ends_unanswered = random_.one_in(2);
        talk();
        if (kind == 5) {
            habits_.name = "resetting";
            habits_.ends = ending::reset;
        } else if (kind == 6) {
            habits_.name = "leaving";
            habits_.ends = random_.one_of({ending::close, ending::half_close});
        } else if (kind == 7) {
            habits_.name = "vanishing";
            habits_.ends = ending::vanish;
        } else {
            habits_.name = "wrong";
            be_wrong();
        }
        if (kind < 8 && random_.one_in(2))
            habits_.sends_max = random_.below(says_.sends.size() + 1);
    }

    void hold_on(std::size_t kind) {
        habits_.honest = false;
        habits_.ends = ending::stay;
        if (kind == 9) {
            habits_.name = "silent";
            messages_ = random_.below(2);
            talk();
        } else if (kind < 12) {
            habits_.name = "stopping inside a frame";
            talk();
            habits_.sends_max = random_.below(says_.sends.size() + 1);
        } else if (kind == 12) {
            habits_.name = "not reading";
            habits_.reads = false;
            habits_.in_flight = 10'000;
            messages_ = random_.one_of<std::size_t>({10, 200});
            habits_.ends_unanswered = true;
            talk();
        } else if (kind == 13) {
            habits_.name = "trickling";
            habits_.in_flight = 10'000;
            habits_.chunk_max = 1;
            habits_.chunk_pause = milliseconds(random_.between(1, 400));
            talk();
        } else if (kind == 14) {
            habits_.name = "flooding";
            habits_.in_flight = 100'000;
            const auto count = random_.one_of<std::size_t>({500, 8'000});
            for (std::size_t i = 0; i < count; ++i) add(random_payload(random_, random_.below(2)));
        } else {
            habits_.name = "failing";
            talk();
            be_wrong();
        }
    }

    // Now and then one that exceeds every buffer, where the framing can say its length.
    [[nodiscard]] bool is_large() {
        return rules_.form.spec == "digits:10" && large_max() > 100'000 &&
               habits_.chunk_max > 1'000 && random_.one_in(60);
    }
    [[nodiscard]] std::size_t large_max() const {
        if (rules_.served.streams) return 2'000'000;
        return std::min<std::size_t>(2'000'000, rules_.bounds.assembled_bytes_max);
    }
    [[nodiscard]] std::size_t payload_max() const {
        auto most = rules_.form.payload_max;
        if (!rules_.served.streams) {
            most = std::min(most, static_cast<std::size_t>(rules_.bounds.assembled_bytes_max));
        }
        return rules_.served.relays ? most - 12 : most;  // for its name and number
    }

    void add(std::string payload) {
        if (rules_.served.relays)
            payload = fmt::format("{} {} {}", says_.name, ++number_, payload);
        says_.add(payload, rules_.form, rules_.served.reply);
    }

    void talk() {
        if (is_large()) {
            messages_ = 1 + random_.below(2);
            const auto size = random_.between<std::size_t>(1, 2'000'000);
            return add(random_payload(random_, std::min(size, large_max())));
        }
        const auto usual = std::min(payload_max(), random_.one_of<std::size_t>({10, 300, 2'000}));
        for (std::size_t i = 0; i < messages_; ++i) {
            auto size = random_.between<std::size_t>(2, std::max<std::size_t>(usual, 2));
            if (rules_.form.skipped_above != 0 && random_.one_in(5)) size += 200;
            add(random_payload(random_, size));
        }
    }

    // Of what follows the last payload nothing is answered.
    void add_last() {
        if (rules_.served.last.empty() || random_.one_in(3)) return;
        add(std::string(rules_.served.last));
        for (auto more = random_.below(3); more > 0; --more) {
            says_.add_unanswered(rules_.form.frame(random_payload(random_, random_.below(50))));
        }
    }

    // Nor of what follows an error.
    void be_wrong() {
        if (!rules_.served.fatal.empty() && random_.one_in(2)) {
            says_.add_unanswered(rules_.form.frame(rules_.served.fatal));
        } else if (!rules_.form.broken.empty()) {
            says_.add_unanswered(rules_.form.broken);
        } else {
            return;
        }
        if (random_.one_in(5)) says_.add_unanswered(std::string(1'000'000, 'x'));
        for (auto more = random_.below(5); more > 0; --more) {
            says_.add_unanswered(rules_.form.frame(random_payload(random_, random_.below(50))));
        }
    }

    random_source& random_;
    const peer_rules& rules_;
    peer_habits habits_{};
    conversation says_;
    std::size_t messages_ = 0;
    std::size_t number_ = 0;
};

}  // namespace

random_peer make_random_peer(random_source& random, const peer_rules& rules) {
    return maker(random, rules).make();
}

}  // namespace framewire::tests
