#include "nats_publisher.hpp"

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

// So long the server knows the ids of messages.
constexpr std::chrono::nanoseconds window_made = std::chrono::minutes(2);
constexpr std::chrono::nanoseconds window_min = std::chrono::seconds(30);

constexpr std::int64_t next_ms = 2'000;

using owned_stream_info =
    std::unique_ptr<jsStreamInfo, nats_free<jsStreamInfo, &nats_library::destroy_stream_info>>;
using owned_metadata =
    std::unique_ptr<jsMsgMetaData, nats_free<jsMsgMetaData, &nats_library::destroy_metadata>>;
using owned_consumer_info =
    std::unique_ptr<jsConsumerInfo,
                    nats_free<jsConsumerInfo, &nats_library::destroy_consumer_info>>;

nats_refusal unavailable(const nats_library& library, std::string_view what, natsStatus status,
                         int error) {
    auto words = fmt::format("{}: {}", what, library.status_text(status));
    if (status == NATS_NO_RESPONDERS) words += ", which says that it has no JetStream";
    if (error != 0) words += fmt::format(" (JetStream's error {})", error);
    return {std::move(words)};
}

bool covers(const jsStreamConfig& config, std::string_view stream, std::string_view subject) {
    for (int i = 0; i < config.SubjectsLen; ++i) {
        const std::string_view one = config.Subjects[i];
        const bool has_wildcard = one.starts_with(stream) && (one.substr(stream.size()) == ".>" ||
                                                              one.substr(stream.size()) == ".*");
        if (one == ">" || has_wildcard || one == subject) return true;
    }
    return false;
}

struct rule {
    bool is_broken;
    std::string_view words;
};

}  // namespace

nats_result<nats_stream_state> nats_publisher::prepare_stream() {
    const auto& library = connection_->library();
    jsStreamInfo* found = nullptr;
    jsErrCode error{};
    auto status = library.stream_info(&found, jetstream_, stream_.name.c_str(), nullptr, &error);
    if (status == NATS_NOT_FOUND || error == JSStreamNotFoundErr) {
        if (auto made = make_stream(); !made) return tl::unexpected(made.error());
        status = library.stream_info(&found, jetstream_, stream_.name.c_str(), nullptr, &error);
    }
    if (status != NATS_OK) {
        return tl::unexpected(
            unavailable(library, "the stream cannot be asked for", status, error));
    }
    const owned_stream_info info(found, {&library});
    if (auto good = check(*info->Config); !good) return tl::unexpected(good.error());
    return nats_stream_state{info->Config->Replicas, info->State.LastSeq,
                             std::max<std::int64_t>(info->Config->MaxMsgSize, 0),
                             std::chrono::nanoseconds(info->Config->Duplicates)};
}

nats_result<void> nats_publisher::make_stream() {
    const auto& library = connection_->library();
    const auto subject = stream_.name + ".>";
    std::array subjects{subject.c_str()};
    jsStreamConfig config;
    library.init_stream_config(&config);
    config.Name = stream_.name.c_str();
    config.Subjects = subjects.data();
    config.SubjectsLen = 1;
    config.Discard = js_DiscardNew;
    config.Storage = js_FileStorage;
    config.Replicas = std::max<std::int64_t>(stream_.replicas, 1);
    config.Duplicates = window_made.count();
    jsStreamInfo* made = nullptr;
    jsErrCode error{};
    const auto status = library.add_stream(&made, jetstream_, &config, nullptr, &error);
    const owned_stream_info info(made, {&library});
    // Another node may have been faster.
    if (status == NATS_OK || error == JSStreamNameExistErr) return {};
    auto why = unavailable(library, "the stream cannot be made", status, error);
    why.is_final = error == JSStreamReplicasNotSupportedErr ||
                   error == JSStorageResourcesExceededErr || error == JSStreamSubjectOverlapErr;
    return tl::unexpected(std::move(why));
}

nats_result<void> nats_publisher::check(const jsStreamConfig& found) const {
    const bool drops_per_subject = found.MaxMsgsPerSubject > 0 && !found.DiscardNewPerSubject;
    const std::array rules{
        rule{found.Discard != js_DiscardNew,
             "it deletes the oldest message when it is full (discard old)"},
        rule{found.MaxAge > 0, "it deletes messages after a time (max age)"},
        rule{drops_per_subject, "it keeps a number of messages of each subject only"},
        rule{found.Retention == js_InterestPolicy, "it keeps nothing while nobody consumes it"},
        rule{found.Storage != js_FileStorage, "it is kept in memory"},
        rule{found.NoAck, "it does not acknowledge (no ack)"},
        rule{found.Sealed || found.Mirror != nullptr, "nobody may publish to it"},
        rule{found.Duplicates < window_min.count(),
             "it recognises repeated messages for less than 30 s (duplicate window)"},
        rule{!covers(found, stream_.name, subject_),
             "it does not have the subject of our messages"},
        rule{stream_.replicas > 0 && found.Replicas != stream_.replicas,
             "it has another number of replicas"}};
    for (const auto& one : rules) {
        if (!one.is_broken) continue;
        return tl::unexpected(nats_refusal{
            fmt::format("the stream {} cannot be used: {}", stream_.name, one.words),
            fmt::format("one that can is made if there is none: file storage, discard new, no max "
                        "age, subjects {}.>",
                        stream_.name),
            true});
    }
    return {};
}

nats_result<std::vector<nats_stored>> nats_publisher::stored_after(std::uint64_t sequence) {
    const auto& library = connection_->library();
    jsSubOptions options;
    library.init_subscribe_options(&options);
    options.Stream = stream_.name.c_str();
    options.Ordered = true;
    options.Config.DeliverPolicy = js_DeliverByStartSequence;
    options.Config.OptStartSeq = sequence + 1;
    options.Config.HeadersOnly = true;
    natsSubscription* made = nullptr;
    jsErrCode error{};
    auto status =
        library.subscribe_stream(&made, jetstream_, subject_.c_str(), nullptr, &options, &error);
    const owned_nats_subscription from(made, {&library});
    std::vector<nats_stored> all;
    const auto fail = [&] {
        return tl::unexpected(unavailable(library, "the stream cannot be read", status, error));
    };
    if (status != NATS_OK) return fail();
    jsConsumerInfo* consumer = nullptr;
    status = library.consumer_info(&consumer, from.get(), nullptr, &error);
    const owned_consumer_info info(consumer, {&library});
    if (status != NATS_OK) return fail();
    auto left = info->NumPending + info->Delivered.Consumer;
    while (left > 0) {
        natsMsg* next = nullptr;
        status = library.next_message(&next, from.get(), next_ms);
        const owned_nats_message message(next, {&library});
        if (status != NATS_OK) return fail();
        jsMsgMetaData* data = nullptr;
        status = library.metadata(&data, next);
        const owned_metadata about(data, {&library});
        const char* name = nullptr;
        if (status != NATS_OK) return fail();
        if (library.header(next, nats_publisher::header_name, &name) == NATS_OK &&
            name != nullptr) {
            all.push_back({name, about->Sequence.Stream});
        }
        left = about->NumPending;
    }
    return all;
}

}  // namespace framewire
