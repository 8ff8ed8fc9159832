// Echo of digits:10 frames with libuv, as its guide echoes. Per read: up to 64 KiB into memory
// allocated for it; the whole frames in it are one uv_write, which frees it when it is done.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { header_size = 10, read_size = 64 << 10, payload_max = 16 << 20 };

typedef struct {
    uv_tcp_t socket;
    char* block;  // what is received and not handed to a write
    size_t size, capacity;
} connection;

typedef struct {
    uv_write_t request;
    char* block;
} reply;

static void on_closed(uv_handle_t* handle) {
    free(((connection*)handle)->block);
    free(handle);
}

static void on_written(uv_write_t* request, int status) {
    (void)status;  // of a broken connection the next read tells
    free(((reply*)request)->block);
    free(request);
}

static void allocate(uv_handle_t* handle, size_t suggested, uv_buf_t* room) {
    connection* peer = (connection*)handle;
    if (peer->capacity - peer->size < suggested) {
        peer->capacity = peer->capacity * 2 + suggested;
        peer->block = realloc(peer->block, peer->capacity);
    }
    *room = uv_buf_init(peer->block + peer->size, peer->capacity - peer->size);
}

// How many of the bytes are whole frames; -1 if they are no frames.
static ssize_t frames_in(const char* bytes, size_t size) {
    size_t at = 0;
    while (size - at >= header_size) {
        size_t length = 0;
        for (int i = 0; i < header_size; ++i) {
            unsigned digit = (unsigned char)bytes[at + i] - '0';
            if (digit > 9) return -1;
            length = length * 10 + digit;
        }
        if (length > payload_max) return -1;
        if (size - at < header_size + length) break;
        at += header_size + length;
    }
    return at;
}

static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* room) {
    (void)room;
    connection* peer = (connection*)stream;
    if (size > 0) peer->size += size;
    ssize_t whole = size < 0 ? -1 : frames_in(peer->block, peer->size);
    if (whole < 0) uv_close((uv_handle_t*)peer, on_closed);
    if (whole <= 0) return;

    reply* written = malloc(sizeof *written);
    written->block = peer->block;
    uv_buf_t frames = uv_buf_init(peer->block, whole);
    size_t rest = peer->size - whole;
    peer->block = NULL;
    peer->size = peer->capacity = 0;
    if (rest > 0) {
        uv_buf_t room_for_more;
        allocate((uv_handle_t*)peer, rest + read_size, &room_for_more);
        memcpy(peer->block, written->block + whole, rest);
        peer->size = rest;
    }
    if (uv_write(&written->request, stream, &frames, 1, on_written)) {
        free(written->block);
        free(written);
        uv_close((uv_handle_t*)peer, on_closed);
    }
}

static void on_connection(uv_stream_t* server, int status) {
    if (status < 0) return;
    connection* peer = calloc(1, sizeof *peer);
    uv_tcp_init(server->loop, &peer->socket);
    if (uv_accept(server, (uv_stream_t*)peer)) {
        uv_close((uv_handle_t*)peer, on_closed);
        return;
    }
    uv_tcp_nodelay(&peer->socket, 1);
    uv_read_start((uv_stream_t*)peer, allocate, on_read);
}

int main(int count, char** words) {
    signal(SIGPIPE, SIG_IGN);
    uv_loop_t* loop = uv_default_loop();
    uv_tcp_t server;
    struct sockaddr_in address;
    uv_tcp_init(loop, &server);
    uv_ip4_addr("127.0.0.1", count == 2 ? atoi(words[1]) : 0, &address);
    uv_tcp_bind(&server, (const struct sockaddr*)&address, 0);
    if (uv_listen((uv_stream_t*)&server, 1024, on_connection)) return 1;
    return uv_run(loop, UV_RUN_DEFAULT);
}
