#include "nats_publisher.hpp"

#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace framewire {
namespace {

// Without it, an answer that is lost would occupy its place forever.
constexpr std::int64_t answer_ms = 5'000;
// Of requests to the server, as long as no message is waited for.
constexpr std::int64_t request_ms = 2'000;
// More than we ever publish before the first answer, also after a rewind.
constexpr std::int64_t pending_max = 4'096;

constexpr const char* header_id = "Nats-Msg-Id";
constexpr std::size_t id_bytes_max = 256;

// A header is a line of text; what is none is written in hexadecimal digits.
std::string header_text(bytes id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char one : id) {
        const auto code = static_cast<unsigned char>(one);
        if (code > 0x20 && code < 0x7f && one != '%') {
            text += one;
        } else {
            text += '%';
            text += digits[code >> 4U];
            text += digits[code & 15U];
        }
    }
    return text;
}

}  // namespace

result<std::unique_ptr<nats_publisher>> nats_publisher::open(const std::string& servers,
                                                             nats_stream stream, std::string node,
                                                             std::function<void()> changed) {
    std::unique_ptr<nats_publisher> opened(
        new nats_publisher(std::move(stream), std::move(node), changed));
    auto connection =
        nats_connection::open(servers, "framewire " + opened->node_, std::move(changed));
    if (!connection) return tl::unexpected(connection.error());
    opened->connection_ = std::move(*connection);
    return opened;
}

nats_publisher::~nats_publisher() {
    if (connection_) connection_->library().destroy_jetstream(jetstream_);
}

nats_result<void> nats_publisher::begin() {
    const auto& library = connection_->library();
    library.destroy_jetstream(std::exchange(jetstream_, nullptr));
    jsOptions options;
    library.init_options(&options);
    options.Wait = request_ms;
    options.PublishAsync.MaxPending = pending_max;
    options.PublishAsync.AckHandler = on_outcome;
    options.PublishAsync.AckHandlerClosure = this;
    const auto status = library.jetstream(&jetstream_, connection_->handle(), &options);
    if (status == NATS_OK) return {};
    return tl::unexpected(nats_refusal{library.status_text(status)});
}

owned_nats_message nats_publisher::message(std::uint64_t offset, bytes id, bytes payload) const {
    const auto& library = connection_->library();
    natsMsg* made = nullptr;
    (void)library.create_message(&made, subject_.c_str(), nullptr, payload.data(),
                                 static_cast<int>(payload.size()));
    owned_nats_message message(made, {&library});
    const auto name = fmt::format("{}-{}", node_, offset);
    // A part of an id is not one.
    const auto text = id.size() > id_bytes_max || id.empty() ? name : header_text(id);
    const bool done = made != nullptr &&
                      library.set_header(made, header_name, name.c_str()) == NATS_OK &&
                      library.set_header(made, header_id, text.c_str()) == NATS_OK;
    if (!done) message.reset();
    return message;
}

nats_result<void> nats_publisher::publish(owned_nats_message message) {
    const auto& library = connection_->library();
    jsPubOptions options;
    library.init_publish_options(&options);
    options.MaxWait = answer_ms;
    options.ExpectStream = stream_.name.c_str();
    auto* given = message.release();
    const auto status = library.publish_later(jetstream_, &given, &options);
    // Null if libnats has it now.
    message.reset(given);
    if (status == NATS_OK) return {};
    return tl::unexpected(nats_refusal{library.status_text(status)});
}

std::vector<nats_outcome> nats_publisher::take_outcomes() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcomes_, {});
}

std::size_t nats_publisher::header_bytes_max() const noexcept {
    constexpr std::size_t names_and_numbers = 256;
    return names_and_numbers + 3 * id_bytes_max + node_.size() + stream_.name.size();
}

// On a thread of libnats, which publishes nothing while this runs.
void nats_publisher::on_outcome(jsCtx* /*of*/, natsMsg* message, jsPubAck* stored,
                                jsPubAckErr* failed, void* self) {
    auto& that = *static_cast<nats_publisher*>(self);
    nats_outcome outcome{owned_nats_message(message, {&that.connection_->library()})};
    if (stored != nullptr && stored->Stream != nullptr && that.stream_.name == stored->Stream) {
        outcome.sequence = stored->Sequence;
        outcome.is_duplicate = stored->Duplicate;
    }
    if (outcome.sequence == 0) {
        outcome.words = failed == nullptr ? "an answer that is none" : failed->ErrText;
        outcome.is_full = failed != nullptr && failed->ErrCode == JSStreamStoreFailedErr;
    }
    {
        const std::lock_guard lock(that.mutex_);
        that.outcomes_.push_back(std::move(outcome));
    }
    that.changed_();
}

}  // namespace framewire
