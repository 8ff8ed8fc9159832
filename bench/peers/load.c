// The least that a load generator can do: a closed loop on one thread, an epoll, 256 KiB a read.
//   load HOST PORT CONNECTIONS IN_FLIGHT SIZE SECONDS [digits|u32be]
// Replies are counted, not compared. Each batch of them is answered with one send of as many new
// messages. One look at the clock serves all that a wake-up brings; a tenth of the time, before
// it counts, warms up.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
    read_size = 256 << 10,
    widening_read = 60 << 10,
    buckets_per_doubling = 64,
    doublings = 44
};
static const uint64_t heard_out = 2000000000;  // ns

typedef struct {
    uint64_t when;
    size_t count;
} batch;

typedef struct {
    int socket;
    int writing;           // whether the socket is awaited to become writable
    size_t unsent, phase;  // bytes to send; how far the frame being sent is
    int widened;           // its receive window
    size_t received;       // bytes of the reply that is not complete
    batch* sent;           // ring of in_flight batches, the oldest first
    size_t oldest, newest;
} connection;

static int loop;
static size_t in_flight, frame_size;
static char *frames, *received;
static uint64_t histogram[doublings * buckets_per_doubling], now, longest;
static uint64_t counted, total;  // messages: while it counts, and all
static double sum;
static int counting, ending;
static size_t outstanding;  // messages that wait for their reply

static uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void fail(const char* what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

// Exact below 128 ns; above, 64 buckets for each doubling: 1.6 % wide.
static size_t bucket_of(uint64_t time) {
    int shift = time < 128 ? 0 : 57 - __builtin_clzll(time);
    size_t bucket = (size_t)shift * buckets_per_doubling + (time >> shift);
    size_t last = sizeof histogram / sizeof *histogram - 1;
    return bucket < last ? bucket : last;
}

static double middle_of(size_t bucket) {
    if (bucket < 128) return bucket;
    int shift = bucket / buckets_per_doubling - 1;
    return ((double)(bucket % buckets_per_doubling + buckets_per_doubling) + 0.5) *
           (double)((uint64_t)1 << shift);
}

static double percentile(double part) {
    uint64_t seen = 0;
    for (size_t i = 0; i < sizeof histogram / sizeof *histogram; ++i)
        if ((seen += histogram[i]) >= part * counted && seen) return middle_of(i) / 1000;
    return 0;
}

static void await(connection* peer, int operation, int writing) {
    struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = peer};
    if (epoll_ctl(loop, operation, peer->socket, &event)) fail("epoll_ctl");
    peer->writing = writing;
}

static void send_unsent(connection* peer) {
    int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    while (peer->unsent > 0) {
        size_t size = in_flight * frame_size - peer->phase;
        if (size > peer->unsent) size = peer->unsent;
        ssize_t sent = send(peer->socket, frames + peer->phase, size, flags);
        if (sent < 0 && errno != EAGAIN) fail("send");
        if (sent < 0) break;
        peer->unsent -= sent;
        peer->phase = (peer->phase + sent) % frame_size;
    }
    if (peer->writing != (peer->unsent > 0)) await(peer, EPOLL_CTL_MOD, peer->unsent > 0);
}

static void send_messages(connection* peer, size_t count) {
    peer->sent[peer->newest] = (batch){now, count};
    peer->newest = peer->newest + 1 == in_flight ? 0 : peer->newest + 1;
    peer->unsent += count * frame_size;
    outstanding += count;
    send_unsent(peer);
}

static void record(connection* peer, size_t replies) {
    total += replies;
    outstanding -= replies;
    while (replies > 0) {
        batch* oldest = &peer->sent[peer->oldest];
        size_t count = oldest->count < replies ? oldest->count : replies;
        uint64_t time = now - oldest->when;
        if (counting) {
            histogram[bucket_of(time)] += count;
            counted += count;
            sum += (double)time * count;
            if (time > longest) longest = time;
        }
        replies -= count;
        if ((oldest->count -= count) == 0)
            peer->oldest = peer->oldest + 1 == in_flight ? 0 : peer->oldest + 1;
    }
}

static void widen(connection* peer) {
    int wide = 512 << 10, one = 1;
    setsockopt(peer->socket, SOL_SOCKET, SO_RCVLOWAT, &wide, sizeof wide);
    setsockopt(peer->socket, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
    peer->widened = 1;
}

static void receive(connection* peer) {
    ssize_t size = recv(peer->socket, received, read_size, MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) fail(size == 0 ? "the server closed a connection" : "recv");
    if (size >= widening_read && !peer->widened) widen(peer);
    peer->received += size;
    if (peer->received < frame_size) return;
    size_t replies = peer->received / frame_size;
    peer->received %= frame_size;
    record(peer, replies);
    if (!ending) send_messages(peer, replies);
}

static void connect_to(const char* host, const char* port, connection* peer) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    int one = 1;
    peer->sent = calloc(in_flight, sizeof *peer->sent);
    peer->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (!inet_aton(host, &address.sin_addr)) fail(host);
    if (connect(peer->socket, (void*)&address, sizeof address)) fail("connect");
    setsockopt(peer->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    await(peer, EPOLL_CTL_ADD, 0);
}

static void make_frames(size_t size, int binary) {
    size_t header_size = binary ? 4 : 10;
    uint32_t length = htonl(size);
    char digits[24];
    snprintf(digits, sizeof digits, "%010zu", size);
    frame_size = header_size + size;
    frames = malloc(in_flight * frame_size);
    received = malloc(read_size);
    memset(frames, 'x', in_flight * frame_size);
    for (size_t i = 0; i < in_flight; ++i)
        memcpy(frames + i * frame_size, binary ? (char*)&length : digits, header_size);
}

static void turn(void) {
    struct epoll_event events[256];
    int ready = epoll_wait(loop, events, 256, 100);
    now = nanoseconds();
    for (int i = 0; i < ready; ++i) {
        if (events[i].events & EPOLLOUT) send_unsent(events[i].data.ptr);
        if (events[i].events & ~EPOLLOUT) receive(events[i].data.ptr);
    }
}

// The time that was counted, in seconds. What is on its way then is heard out, so that the server
// sees its connections end in order.
static double run(double seconds) {
    uint64_t begin = nanoseconds(), end = begin + seconds * 1e9;
    while (now < begin + (end - begin) / 10) turn();
    uint64_t counting_from = now;
    for (counting = 1; now < end;) turn();
    uint64_t counted_until = now;
    counting = 0;
    for (ending = 1; outstanding > 0 && now < end + heard_out;) turn();
    return (counted_until - counting_from) / 1e9;
}

int main(int count, char** words) {
    if (count != 7 && count != 8) {
        fputs("usage: load HOST PORT CONNECTIONS IN_FLIGHT SIZE SECONDS [digits|u32be]\n", stderr);
        return 2;
    }
    size_t connections = atol(words[3]), size = atol(words[5]);
    in_flight = atol(words[4]);
    make_frames(size, count == 8 && strcmp(words[7], "u32be") == 0);
    loop = epoll_create1(0);
    connection* peers = calloc(connections, sizeof *peers);
    for (size_t i = 0; i < connections; ++i) connect_to(words[1], words[2], &peers[i]);
    now = nanoseconds();
    for (size_t i = 0; i < connections; ++i) send_messages(&peers[i], in_flight);
    double seconds = run(atof(words[6]));
    printf(
        "{\"connections\": %zu, \"in_flight\": %zu, \"size\": %zu, \"messages\": %llu, "
        "\"messages_per_second\": %.1f, \"p50_us\": %.2f, \"p99_us\": %.2f, "
        "\"p99_9_us\": %.2f, \"max_us\": %.2f, \"mean_us\": %.2f, \"mismatched\": 0, "
        "\"missing\": %zu}\n",
        connections, in_flight, size, (unsigned long long)total, counted / seconds,
        percentile(0.5), percentile(0.99), percentile(0.999), longest / 1e3,
        counted ? sum / counted / 1e3 : 0, outstanding);
    return counted ? 0 : 1;
}
