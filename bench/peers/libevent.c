// Echo of digits:10 frames with libevent's bufferevents, as its book echoes. Per read: what
// bufferevents take at once (4 KiB in 2.1); each frame moves, uncopied, from input to output.
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>

enum { header_size = 10, payload_max = 16 << 20 };

static long length_in(const unsigned char* header) {
    long length = 0;
    for (int i = 0; i < header_size; ++i) {
        if (header[i] < '0' || header[i] > '9') return -1;
        length = length * 10 + header[i] - '0';
    }
    return length;
}

static void on_read(struct bufferevent* peer, void* unused) {
    (void)unused;
    struct evbuffer* input = bufferevent_get_input(peer);
    while (evbuffer_get_length(input) >= header_size) {
        long length = length_in(evbuffer_pullup(input, header_size));
        if (length < 0 || length > payload_max) {
            bufferevent_free(peer);
            return;
        }
        if (evbuffer_get_length(input) < (size_t)(header_size + length)) return;
        evbuffer_remove_buffer(input, bufferevent_get_output(peer), header_size + length);
    }
}

static void on_event(struct bufferevent* peer, short what, void* unused) {
    (void)unused;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) bufferevent_free(peer);
}

static void on_accept(struct evconnlistener* listener, evutil_socket_t socket,
                      struct sockaddr* address, int size, void* unused) {
    (void)address, (void)size, (void)unused;
    int one = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct bufferevent* peer =
        bufferevent_socket_new(evconnlistener_get_base(listener), socket, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(peer, on_read, NULL, on_event, NULL);
    bufferevent_enable(peer, EV_READ | EV_WRITE);
}

int main(int count, char** words) {
    signal(SIGPIPE, SIG_IGN);
    struct event_base* loop = event_base_new();
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(count == 2 ? atoi(words[1]) : 0)};
    if (!evconnlistener_new_bind(loop, on_accept, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE,
                                 1024, (struct sockaddr*)&address, sizeof address))
        return 1;
    return event_base_dispatch(loop);
}
