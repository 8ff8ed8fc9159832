// The least that a proxy can do: splice TARGET [PORT] accepts at PORT, connects to TARGET on this
// machine, and moves bytes both ways with splice(2), through a pipe for each direction. Nothing is
// copied to this program. One thread, edge-triggered.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { pipe_size = 256 << 10, events_max = 256 };

typedef struct end end;
struct end {
    int socket;
    int pipe[2];  // of what it sends, on its way to the other
    size_t held;  // in that pipe
    int has_ended, is_shut;
    end* other;
};

static int loop;

static void close_pair(end* one) {
    end* ends[] = {one, one->other};
    for (int i = 0; i < 2; ++i) {
        close(ends[i]->socket);
        close(ends[i]->pipe[0]);
        close(ends[i]->pipe[1]);
        ends[i]->socket = -1;
    }
}

// From one to the other, until neither can continue. False if the pair is over.
static int move(end* from) {
    end* to = from->other;
    const unsigned how = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
    for (;;) {
        int moved = 0;
        if (!from->has_ended && from->held < pipe_size) {
            size_t room = pipe_size - from->held;
            ssize_t got = splice(from->socket, NULL, from->pipe[1], NULL, room, how);
            if (got > 0) from->held += got, moved = 1;
            if (got == 0) from->has_ended = 1;
        }
        if (from->held > 0) {
            ssize_t sent = splice(from->pipe[0], NULL, to->socket, NULL, from->held, how);
            if (sent > 0) from->held -= sent, moved = 1;
        }
        if (!moved) break;
    }
    if (from->has_ended && from->held == 0 && !from->is_shut) {
        from->is_shut = 1;
        shutdown(to->socket, SHUT_WR);
    }
    return !(from->is_shut && to->is_shut);
}

static void watch(end* one) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP,
                                .data.ptr = one};
    epoll_ctl(loop, EPOLL_CTL_ADD, one->socket, &event);
}

static int prepare(end* one, int socket, end* other) {
    int yes = 1;
    *one = (end){.socket = socket, .other = other};
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (pipe2(one->pipe, O_NONBLOCK | O_CLOEXEC) != 0) return 0;
    fcntl(one->pipe[1], F_SETPIPE_SZ, pipe_size);
    return 1;
}

static void accept_all(int listener, const struct sockaddr_in* target) {
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) return;
        int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // It is on this machine: that takes no time.
        if (connect(server, (const struct sockaddr*)target, sizeof *target) != 0) exit(1);
        fcntl(server, F_SETFL, O_NONBLOCK);
        end* pair = malloc(2 * sizeof *pair);  // kept until the program ends: events may follow
        if (!prepare(&pair[0], client, &pair[1]) || !prepare(&pair[1], server, &pair[0])) exit(1);
        watch(&pair[0]);
        watch(&pair[1]);
    }
}

int main(int count, char** words) {
    if (count < 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in target = {.sin_family = AF_INET,
                                 .sin_port = htons(atoi(words[1])),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in here = target;
    here.sin_port = htons(count > 2 ? atoi(words[2]) : 0);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr*)&here, sizeof here) != 0) return 1;
    if (listen(listener, 4096) != 0) return 1;
    loop = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[events_max];
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int found = epoll_wait(loop, ready, events_max, -1);
        for (int i = 0; i < found; ++i) {
            end* one = ready[i].data.ptr;
            if (one == NULL) {
                accept_all(listener, &target);
            } else if (one->socket >= 0) {
                int is_over = ready[i].events & (EPOLLERR | EPOLLHUP);
                if ((!move(one) || !move(one->other)) || is_over) close_pair(one);
            }
        }
    }
}
