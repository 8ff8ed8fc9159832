// Publishes to a stream of NATS JetStream, with so many messages that wait for their PubAck.
//
//   jetstream PORT WAITING BYTES SECONDS
//
// Prints messages per second and the 99th percentile from publishing to the PubAck in
// microseconds.
#include <nats/nats.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLES_MAX = 4000000 };

static double begun[SAMPLES_MAX];
static double took[SAMPLES_MAX];
static long published, acknowledged;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// They come in the order of publishing: one subscription has all of them.
static void on_ack(natsConnection* connection, natsSubscription* subscription, natsMsg* message,
                   void* unused) {
    (void)connection;
    (void)subscription;
    (void)unused;
    pthread_mutex_lock(&lock);
    if (acknowledged < SAMPLES_MAX) took[acknowledged] = now() - begun[acknowledged];
    ++acknowledged;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    natsMsg_Destroy(message);
}

static int by_value(const void* one, const void* other) {
    const double a = *(const double*)one;
    const double b = *(const double*)other;
    return (a > b) - (a < b);
}

int main(int count, char** words) {
    if (count != 5) return 2;
    const long waiting = atol(words[2]);
    const int size = atoi(words[3]);
    const double seconds = atof(words[4]);
    char url[64];
    snprintf(url, sizeof url, "nats://127.0.0.1:%s", words[1]);
    natsConnection* connection = NULL;
    jsCtx* stream = NULL;
    natsSubscription* acks = NULL;
    char* payload = calloc(1, (size_t)size + 1);
    if (payload == NULL || natsConnection_ConnectTo(&connection, url) != NATS_OK) return 1;
    memset(payload, 'x', (size_t)size);
    jsStreamConfig config;
    const char* subjects[] = {"orders"};
    jsStreamConfig_Init(&config);
    config.Name = "ORDERS";
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    if (natsConnection_JetStream(&stream, connection, NULL) != NATS_OK) return 1;
    if (js_AddStream(NULL, stream, &config, NULL, NULL) != NATS_OK) return 1;
    if (natsConnection_Subscribe(&acks, connection, "acks", on_ack, NULL) != NATS_OK) return 1;
    const double began = now();
    pthread_mutex_lock(&lock);
    while (now() - began < seconds && published < SAMPLES_MAX) {
        while (published - acknowledged >= waiting) pthread_cond_wait(&changed, &lock);
        begun[published++] = now();
        pthread_mutex_unlock(&lock);
        if (natsConnection_PublishRequest(connection, "orders", "acks", payload, size) !=
            NATS_OK) {
            return 1;
        }
        pthread_mutex_lock(&lock);
    }
    while (acknowledged < published) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    const double all = now() - began;
    qsort(took, (size_t)acknowledged, sizeof *took, by_value);
    printf("%.0f %.0f\n", (double)acknowledged / all, took[acknowledged * 99 / 100] * 1e6);
    natsSubscription_Destroy(acks);
    jsCtx_Destroy(stream);
    natsConnection_Destroy(connection);
    free(payload);
    return 0;
}
