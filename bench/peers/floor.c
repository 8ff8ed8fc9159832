// The least that an echo of frames can do: of digits:10, or of u32be if that is the first
// argument. Per read: one recv of up to 64 KiB into one buffer for all, the headers in it checked
// in place, one send. Bodies pass as they come; what send leaves is queued, and the connection is
// not read until it is gone.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { header_max = 10, read_size = 64 << 10, widening_read = 60 << 10, payload_max = 16 << 20 };

typedef struct {
    int socket;
    size_t body_left;    // of the frame that has begun
    size_t header_held;  // bytes of a header that is not complete, not sent back yet
    char header[header_max];
    char* queue;
    size_t queued, queue_begin;
    int widened;  // its receive window
} connection;

static int loop;
static size_t header_size = header_max;
static char memory[header_max + read_size];

static void await(connection* peer, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = peer};
    epoll_ctl(loop, operation, peer->socket, &event);
}

static void end(connection* peer) {
    close(peer->socket);
    free(peer->queue);
    free(peer);
}

// The length in a header, or more than any that is allowed.
static size_t length_of(const char* header) {
    size_t length = 0;
    if (header_size == 4) {
        for (int i = 0; i < 4; ++i) length = length << 8 | (unsigned char)header[i];
        return length;
    }
    for (int i = 0; i < header_max; ++i) {
        unsigned digit = (unsigned char)header[i] - '0';
        if (digit > 9) return SIZE_MAX;
        length = length * 10 + digit;
    }
    return length;
}

// How much of bytes may be sent back: all but an incomplete header, which is held. -1: not ours.
static ssize_t check(connection* peer, const char* bytes, size_t size) {
    size_t at = peer->body_left < size ? peer->body_left : size;
    peer->body_left -= at;
    while (size - at >= header_size) {
        size_t length = length_of(bytes + at);
        if (length > payload_max) return -1;
        at += header_size;
        peer->body_left = length < size - at ? 0 : length - (size - at);
        at += length - peer->body_left;
    }
    peer->header_held = size - at;
    memcpy(peer->header, bytes + at, size - at);
    return at;
}

// As our server does: at the first read that fills the first window, once.
static void widen(connection* peer) {
    int wide = 512 << 10, one = 1;
    setsockopt(peer->socket, SOL_SOCKET, SO_RCVLOWAT, &wide, sizeof wide);
    setsockopt(peer->socket, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
    peer->widened = 1;
}

static void echo(connection* peer) {
    char* bytes = memory + header_size - peer->header_held;
    memcpy(bytes, peer->header, peer->header_held);
    ssize_t size = recv(peer->socket, memory + header_size, read_size, 0);
    if (size >= widening_read && !peer->widened) widen(peer);
    if (size > 0)
        size = check(peer, bytes, peer->header_held + size);
    else
        size = -1;
    if (size == 0) return;
    ssize_t sent = size < 0 ? -1 : send(peer->socket, bytes, size, MSG_NOSIGNAL);
    if (sent == size && size > 0) return;
    if (size < 0 || !(peer->queue = malloc(size))) {
        end(peer);
        return;
    }
    sent = sent < 0 ? 0 : sent;
    memcpy(peer->queue, bytes + sent, peer->queued = size - sent);
    peer->queue_begin = 0;
    await(peer, EPOLL_CTL_MOD, EPOLLOUT);
}

static void send_queue(connection* peer) {
    ssize_t sent = send(peer->socket, peer->queue + peer->queue_begin, peer->queued, MSG_NOSIGNAL);
    if (sent < 0) {
        end(peer);
        return;
    }
    peer->queue_begin += sent;
    if ((peer->queued -= sent) > 0) return;
    free(peer->queue);
    peer->queue = NULL;
    await(peer, EPOLL_CTL_MOD, EPOLLIN);
}

static void accept_one(int listening) {
    int one = 1, accepted = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
    connection* peer = accepted < 0 ? NULL : calloc(1, sizeof *peer);
    if (!peer) return;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    peer->socket = accepted;
    await(peer, EPOLL_CTL_ADD, EPOLLIN);
}

int main(int count, char** words) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(count > 1 ? atoi(words[count - 1]) : 0)};
    if (count > 2 && !strcmp(words[1], "u32be")) header_size = 4;
    int one = 1, listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listening, (void*)&address, sizeof address) || listen(listening, 1024)) return 1;
    loop = epoll_create1(0);
    struct epoll_event events[256] = {{.events = EPOLLIN}};
    epoll_ctl(loop, EPOLL_CTL_ADD, listening, events);
    for (;;) {
        int ready = epoll_wait(loop, events, 256, -1);
        for (int i = 0; i < ready; ++i) {
            connection* peer = events[i].data.ptr;
            if (!peer)
                accept_one(listening);
            else if (peer->queue)
                send_queue(peer);
            else
                echo(peer);
        }
    }
}
