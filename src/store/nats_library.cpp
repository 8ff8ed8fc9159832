#include "nats_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <string>

namespace framewire {
namespace {

template <class F>
bool find(void* library, const char* name, F*& into) noexcept {
    // POSIX guarantees this cast from an object pointer to a function pointer.
    into = reinterpret_cast<F*>(::dlsym(library, name));  // NOLINT(*-reinterpret-cast)
    return into != nullptr;
}

bool find_all(void* library, nats_library& into) noexcept {
    return find(library, "natsStatus_GetText", into.status_text) &&
           find(library, "nats_CloseAndWait", into.close_and_wait) &&
           find(library, "natsOptions_Create", into.create_options) &&
           find(library, "natsOptions_Destroy", into.destroy_options) &&
           find(library, "natsOptions_SetServers", into.set_servers) &&
           find(library, "natsOptions_SetName", into.set_name) &&
           find(library, "natsOptions_SetTimeout", into.set_timeout) &&
           find(library, "natsOptions_SetPingInterval", into.set_ping_interval) &&
           find(library, "natsOptions_SetMaxPingsOut", into.set_pings_max) &&
           find(library, "natsOptions_SetMaxReconnect", into.set_reconnects_max) &&
           find(library, "natsOptions_SetReconnectWait", into.set_reconnect_wait) &&
           find(library, "natsOptions_SetReconnectJitter", into.set_reconnect_jitter) &&
           find(library, "natsOptions_SetRetryOnFailedConnect", into.set_retry) &&
           find(library, "natsOptions_SetDisconnectedCB", into.set_disconnected) &&
           find(library, "natsOptions_SetReconnectedCB", into.set_reconnected) &&
           find(library, "natsOptions_SetClosedCB", into.set_closed) &&
           find(library, "natsOptions_SetErrorHandler", into.set_error_handler) &&
           find(library, "natsOptions_SetNoEcho", into.set_no_echo) &&
           find(library, "natsConnection_Connect", into.connect) &&
           find(library, "natsConnection_Destroy", into.destroy_connection) &&
           find(library, "natsConnection_GetMaxPayload", into.payload_bytes_max) &&
           find(library, "natsConnection_GetLastError", into.last_error) &&
           find(library, "natsConnection_PublishMsg", into.publish) &&
           find(library, "natsConnection_Subscribe", into.subscribe) &&
           find(library, "natsConnection_FlushTimeout", into.flush) &&
           find(library, "natsConnection_JetStream", into.jetstream) &&
           find(library, "natsSubscription_NextMsg", into.next_message) &&
           find(library, "natsSubscription_GetConsumerInfo", into.consumer_info) &&
           find(library, "natsSubscription_Destroy", into.destroy_subscription) &&
           find(library, "natsMsg_Create", into.create_message) &&
           find(library, "natsMsg_Destroy", into.destroy_message) &&
           find(library, "natsMsg_GetData", into.data) &&
           find(library, "natsMsg_GetDataLength", into.data_size) &&
           find(library, "natsMsg_GetMetaData", into.metadata) &&
           find(library, "natsMsgHeader_Set", into.set_header) &&
           find(library, "natsMsgHeader_Get", into.header) &&
           find(library, "jsCtx_Destroy", into.destroy_jetstream) &&
           find(library, "jsOptions_Init", into.init_options) &&
           find(library, "jsPubOptions_Init", into.init_publish_options) &&
           find(library, "jsSubOptions_Init", into.init_subscribe_options) &&
           find(library, "jsStreamConfig_Init", into.init_stream_config) &&
           find(library, "js_GetStreamInfo", into.stream_info) &&
           find(library, "js_AddStream", into.add_stream) &&
           find(library, "jsStreamInfo_Destroy", into.destroy_stream_info) &&
           find(library, "jsConsumerInfo_Destroy", into.destroy_consumer_info) &&
           find(library, "jsMsgMetaData_Destroy", into.destroy_metadata) &&
           find(library, "js_PublishMsgAsync", into.publish_later) &&
           find(library, "js_SubscribeSync", into.subscribe_stream);
}

result<nats_library> load_once() {
    // Its structures change from one version to the next: only that of our header will do.
    const auto name = fmt::format("libnats.so.{}.{}", NATS_VERSION_MAJOR, NATS_VERSION_MINOR);
    auto* const library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    nats_library found{};
    if (library != nullptr && find_all(library, found)) return found;
    return tl::unexpected(failure{fmt::format("cannot load {}, which speaks to NATS", name),
                                  fmt::format("on Debian, install the package libnats{}.{}",
                                              NATS_VERSION_MAJOR, NATS_VERSION_MINOR)});
}

}  // namespace

result<const nats_library*> nats_library::load() {
    static const auto loaded = load_once();
    if (!loaded) return tl::unexpected(loaded.error());
    return &*loaded;
}

}  // namespace framewire
