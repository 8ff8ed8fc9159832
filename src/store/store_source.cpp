#include "store_source.hpp"

#include "framewire/codec/framing.hpp"
#include "framewire/core/units.hpp"
#include "framewire/net/client.hpp"
#include "store_framing.hpp"

#include <fmt/format.h>
#include <atomic>
#include <future>
#include <optional>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t number_bytes = 8;
constexpr std::size_t size_bytes = 4;
constexpr std::size_t record_bytes = 2 * number_bytes + 2 * size_bytes;

void write_number(std::uint64_t number, std::size_t size, std::string& to) {
    for (auto left = size; left > 0; --left) {
        to += static_cast<char>(static_cast<unsigned char>(number >> (8 * (left - 1))));
    }
}

std::uint64_t read_number(bytes from) noexcept {
    std::uint64_t number = 0;
    for (const char one : from) number = number << 8 | static_cast<unsigned char>(one);
    return number;
}

// The word before the next space, which is removed with it.
std::string_view take_word(std::string_view& from) {
    const auto end = std::min(from.find(' '), from.size());
    const auto word = from.substr(0, end);
    from.remove_prefix(std::min(end + 1, from.size()));
    return word;
}

std::uint64_t take_number(std::string_view& from) {
    return parse_number(take_word(from)).value_or(0);
}

store_result<std::string> text_of(const store_result<std::uint64_t>& number) {
    if (!number) return tl::unexpected(number.error());
    return std::to_string(*number);
}

store_result<std::string> range_of(store_file& file) {
    const auto used = file.used_bytes();
    if (!used) return tl::unexpected(used.error());
    const auto unused = file.free_bytes();
    if (!unused) return tl::unexpected(unused.error());
    return fmt::format("{} {} {} {}", file.first(), file.next(), *used, *unused);
}

store_result<std::string> records_of(store_file& file, std::uint64_t from, std::uint64_t size) {
    std::string records;
    const auto done = file.read(from, [&](const stored_message& one) {
        store_record::write(one, records);
        return records.size() < size;
    });
    if (!done) return tl::unexpected(done.error());
    return records;
}

store_result<std::string> answer(store_file& file, std::string_view request) {
    const auto word = take_word(request);
    if (word == "range") return range_of(file);
    if (word == "find") {
        const std::chrono::microseconds since(static_cast<std::int64_t>(take_number(request)));
        return text_of(file.find(store_time(since)));
    }
    if (word == "read") {
        const auto from = take_number(request);
        return records_of(file, from, take_number(request));
    }
    if (word == "confirmed") {
        return file.confirmed(request).map([](const std::optional<std::uint64_t>& offset) {
            return offset ? std::to_string(*offset) : std::string();
        });
    }
    if (word == "confirm") {
        const auto offset = take_number(request);
        return file.confirm(request, offset).map([] { return std::string(); });
    }
    if (word == "wait") return std::string();
    return tl::unexpected(store_failure{errc::store_failed, "not a request of a reader"});
}

class own_source final : public store_source {
public:
    explicit own_source(std::shared_ptr<store> opened) : store_(std::move(opened)) {}

    void ask(std::string request, answered then) override {
        std::string_view words = request;
        const auto after = take_word(words) == "wait" ? take_number(words) : 0;
        store_->when_stored(after, [request = std::move(request), then = std::move(then)](
                                       store_file& file) { then(answer(file, request)); });
    }

private:
    std::shared_ptr<store> store_;
};

class remote_source final : public store_source {
public:
    explicit remote_source(client connected) : client_(std::move(connected)) {}

    void ask(std::string request, answered then) override {
        const auto numbered = std::to_string(++last_) + ' ' + request;
        client_.request(numbered, [then = std::move(then)](client::reply reply) {
            if (!reply) {
                return then(tl::unexpected(store_failure{
                    errc::store_busy,
                    "the process that has the store open: " + reply.error().message()}));
            }
            then(read_answer(bytes(*reply).substr(number_of(*reply).size())));
        });
    }

private:
    client client_;
    std::atomic<std::uint64_t> last_ = 0;
};

}  // namespace

store_result<std::string> store_source::ask(std::string request) {
    std::promise<store_result<std::string>> answer;
    auto answered_then = answer.get_future();
    ask(std::move(request),
        [&](store_result<std::string> text) { answer.set_value(std::move(text)); });
    return answered_then.get();
}

store_range store_range::parse(std::string_view answer) {
    store_range found;
    for (auto* const one : {&found.first, &found.next, &found.used, &found.unused}) {
        *one = take_number(answer);
    }
    return found;
}

std::shared_ptr<store_source> source_of(std::shared_ptr<store> opened) {
    return std::make_shared<own_source>(std::move(opened));
}

address readers_address(const std::string& store_path) {
    address where;
    where.path = store_path + "-readers";
    return where;
}

result<opened_source> open_source(const std::string& path) {
    client_settings settings;
    settings.limits = readers_limits();
    settings.timeout = std::chrono::milliseconds(0);
    settings.id = [](bytes message) { return std::string(number_of(message)); };
    auto remote = client::connect(readers_address(path), readers_framing(), settings);
    if (remote) return opened_source{std::make_shared<remote_source>(std::move(*remote))};
    store_settings reads;
    reads.must_exist = true;
    return store::open(path, std::move(reads)).map([](std::shared_ptr<store> own) {
        return opened_source{source_of(own), own};
    });
}

void store_record::write(const stored_message& one, std::string& to) {
    write_number(one.offset, number_bytes, to);
    write_number(static_cast<std::uint64_t>(one.time.time_since_epoch().count()), number_bytes,
                 to);
    write_number(one.id.size(), size_bytes, to);
    write_number(one.payload.size(), size_bytes, to);
    to += one.id;
    to += one.payload;
}

bool store_record::take(bytes& from, stored_message& into) noexcept {
    if (from.size() < record_bytes) return false;
    into.offset = read_number(from.substr(0, number_bytes));
    into.time = store_time(std::chrono::microseconds(
        static_cast<std::int64_t>(read_number(from.substr(number_bytes, number_bytes)))));
    const auto id = read_number(from.substr(2 * number_bytes, size_bytes));
    const auto payload = read_number(from.substr(2 * number_bytes + size_bytes, size_bytes));
    from.remove_prefix(record_bytes);
    if (from.size() < id + payload) return false;
    into.id = from.substr(0, id);
    into.payload = from.substr(id, payload);
    from.remove_prefix(id + payload);
    return true;
}

}  // namespace framewire
