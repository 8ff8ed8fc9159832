#pragma once

#include "framewire/core/result.hpp"

#include <nats/nats.h>

namespace framewire {

/// The functions of libnats that we call. It is loaded when a service needs it, so that nobody
/// else must have it, or waits for it.
struct nats_library {
    decltype(&natsStatus_GetText) status_text;
    decltype(&nats_CloseAndWait) close_and_wait;

    decltype(&natsOptions_Create) create_options;
    decltype(&natsOptions_Destroy) destroy_options;
    decltype(&natsOptions_SetServers) set_servers;
    decltype(&natsOptions_SetName) set_name;
    decltype(&natsOptions_SetTimeout) set_timeout;
    decltype(&natsOptions_SetPingInterval) set_ping_interval;
    decltype(&natsOptions_SetMaxPingsOut) set_pings_max;
    decltype(&natsOptions_SetMaxReconnect) set_reconnects_max;
    decltype(&natsOptions_SetReconnectWait) set_reconnect_wait;
    decltype(&natsOptions_SetReconnectJitter) set_reconnect_jitter;
    decltype(&natsOptions_SetRetryOnFailedConnect) set_retry;
    decltype(&natsOptions_SetDisconnectedCB) set_disconnected;
    decltype(&natsOptions_SetReconnectedCB) set_reconnected;
    decltype(&natsOptions_SetClosedCB) set_closed;
    decltype(&natsOptions_SetErrorHandler) set_error_handler;
    decltype(&natsOptions_SetNoEcho) set_no_echo;

    decltype(&natsConnection_Connect) connect;
    decltype(&natsConnection_Destroy) destroy_connection;
    decltype(&natsConnection_GetMaxPayload) payload_bytes_max;
    decltype(&natsConnection_GetLastError) last_error;
    decltype(&natsConnection_PublishMsg) publish;
    decltype(&natsConnection_Subscribe) subscribe;
    decltype(&natsConnection_FlushTimeout) flush;
    decltype(&natsConnection_JetStream) jetstream;
    decltype(&natsSubscription_NextMsg) next_message;
    decltype(&natsSubscription_GetConsumerInfo) consumer_info;
    decltype(&natsSubscription_Destroy) destroy_subscription;

    decltype(&natsMsg_Create) create_message;
    decltype(&natsMsg_Destroy) destroy_message;
    decltype(&natsMsg_GetData) data;
    decltype(&natsMsg_GetDataLength) data_size;
    decltype(&natsMsg_GetMetaData) metadata;
    decltype(&natsMsgHeader_Set) set_header;
    decltype(&natsMsgHeader_Get) header;

    decltype(&jsCtx_Destroy) destroy_jetstream;
    decltype(&jsOptions_Init) init_options;
    decltype(&jsPubOptions_Init) init_publish_options;
    decltype(&jsSubOptions_Init) init_subscribe_options;
    decltype(&jsStreamConfig_Init) init_stream_config;
    decltype(&js_GetStreamInfo) stream_info;
    decltype(&js_AddStream) add_stream;
    decltype(&jsStreamInfo_Destroy) destroy_stream_info;
    decltype(&jsConsumerInfo_Destroy) destroy_consumer_info;
    decltype(&jsMsgMetaData_Destroy) destroy_metadata;
    decltype(&js_PublishMsgAsync) publish_later;
    decltype(&js_SubscribeSync) subscribe_stream;

    /// Fails if it is not installed. Thread-safe.
    static result<const nats_library*> load();
};

}  // namespace framewire
