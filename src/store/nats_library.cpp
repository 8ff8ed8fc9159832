#include "nats_library.hpp"

#include "core/library_symbol.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <string>

namespace framewire {
namespace {

bool find_all(void* library, nats_library& into) noexcept {
    return find_symbol(library, "natsStatus_GetText", into.status_text) &&
           find_symbol(library, "nats_CloseAndWait", into.close_and_wait) &&
           find_symbol(library, "natsOptions_Create", into.create_options) &&
           find_symbol(library, "natsOptions_Destroy", into.destroy_options) &&
           find_symbol(library, "natsOptions_SetServers", into.set_servers) &&
           find_symbol(library, "natsOptions_SetName", into.set_name) &&
           find_symbol(library, "natsOptions_SetTimeout", into.set_timeout) &&
           find_symbol(library, "natsOptions_SetPingInterval", into.set_ping_interval) &&
           find_symbol(library, "natsOptions_SetMaxPingsOut", into.set_pings_max) &&
           find_symbol(library, "natsOptions_SetMaxReconnect", into.set_reconnects_max) &&
           find_symbol(library, "natsOptions_SetReconnectWait", into.set_reconnect_wait) &&
           find_symbol(library, "natsOptions_SetReconnectJitter", into.set_reconnect_jitter) &&
           find_symbol(library, "natsOptions_SetRetryOnFailedConnect", into.set_retry) &&
           find_symbol(library, "natsOptions_SetDisconnectedCB", into.set_disconnected) &&
           find_symbol(library, "natsOptions_SetReconnectedCB", into.set_reconnected) &&
           find_symbol(library, "natsOptions_SetClosedCB", into.set_closed) &&
           find_symbol(library, "natsOptions_SetErrorHandler", into.set_error_handler) &&
           find_symbol(library, "natsOptions_SetNoEcho", into.set_no_echo) &&
           find_symbol(library, "natsConnection_Connect", into.connect) &&
           find_symbol(library, "natsConnection_Destroy", into.destroy_connection) &&
           find_symbol(library, "natsConnection_GetMaxPayload", into.payload_bytes_max) &&
           find_symbol(library, "natsConnection_GetLastError", into.last_error) &&
           find_symbol(library, "natsConnection_PublishMsg", into.publish) &&
           find_symbol(library, "natsConnection_Subscribe", into.subscribe) &&
           find_symbol(library, "natsConnection_FlushTimeout", into.flush) &&
           find_symbol(library, "natsConnection_JetStream", into.jetstream) &&
           find_symbol(library, "natsSubscription_NextMsg", into.next_message) &&
           find_symbol(library, "natsSubscription_GetConsumerInfo", into.consumer_info) &&
           find_symbol(library, "natsSubscription_Destroy", into.destroy_subscription) &&
           find_symbol(library, "natsMsg_Create", into.create_message) &&
           find_symbol(library, "natsMsg_Destroy", into.destroy_message) &&
           find_symbol(library, "natsMsg_GetData", into.data) &&
           find_symbol(library, "natsMsg_GetDataLength", into.data_size) &&
           find_symbol(library, "natsMsg_GetMetaData", into.metadata) &&
           find_symbol(library, "natsMsgHeader_Set", into.set_header) &&
           find_symbol(library, "natsMsgHeader_Get", into.header) &&
           find_symbol(library, "jsCtx_Destroy", into.destroy_jetstream) &&
           find_symbol(library, "jsOptions_Init", into.init_options) &&
           find_symbol(library, "jsPubOptions_Init", into.init_publish_options) &&
           find_symbol(library, "jsSubOptions_Init", into.init_subscribe_options) &&
           find_symbol(library, "jsStreamConfig_Init", into.init_stream_config) &&
           find_symbol(library, "js_GetStreamInfo", into.stream_info) &&
           find_symbol(library, "js_AddStream", into.add_stream) &&
           find_symbol(library, "jsStreamInfo_Destroy", into.destroy_stream_info) &&
           find_symbol(library, "jsConsumerInfo_Destroy", into.destroy_consumer_info) &&
           find_symbol(library, "jsMsgMetaData_Destroy", into.destroy_metadata) &&
           find_symbol(library, "js_PublishMsgAsync", into.publish_later) &&
           find_symbol(library, "js_SubscribeSync", into.subscribe_stream);
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
