// What SQLite takes by itself, without a network: transactions of so many messages each, one after
// the other, with the settings that our store has.
//
//   sqlite_batches FILE MESSAGES BYTES SECONDS
//
// Prints messages per second and the 99th percentile of a transaction in microseconds.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRANSACTIONS_MAX = 1000000 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_value(const void* one, const void* other) {
    const double a = *(const double*)one;
    const double b = *(const double*)other;
    return (a > b) - (a < b);
}

static void run(sqlite3* base, const char* sql) {
    if (sqlite3_exec(base, sql, NULL, NULL, NULL) == SQLITE_OK) return;
    fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(base));
    exit(1);
}

int main(int count, char** words) {
    if (count != 5) return 2;
    const long messages = atol(words[2]);
    const int size = atoi(words[3]);
    const double seconds = atof(words[4]);
    sqlite3* base = NULL;
    if (sqlite3_open(words[1], &base) != SQLITE_OK) return 1;
    run(base, "PRAGMA locking_mode=EXCLUSIVE");
    run(base, "PRAGMA journal_mode=WAL");
    run(base, "PRAGMA synchronous=FULL");
    run(base, "PRAGMA wal_autocheckpoint=16384");
    run(base, "CREATE TABLE messages(n INTEGER PRIMARY KEY, time INTEGER, payload BLOB)");
    sqlite3_stmt* insert = NULL;
    sqlite3_prepare_v2(base, "INSERT INTO messages VALUES(NULL, 1, ?1)", -1, &insert, NULL);
    char* payload = calloc(1, (size_t)size + 1);
    double* times = malloc(TRANSACTIONS_MAX * sizeof *times);
    if (payload == NULL || times == NULL) return 1;
    memset(payload, 'x', (size_t)size);
    const double began = now();
    long done = 0;
    for (double at = began; at - began < seconds && done < TRANSACTIONS_MAX; ++done) {
        run(base, "BEGIN");
        for (long i = 0; i < messages; ++i) {
            sqlite3_bind_blob(insert, 1, payload, size, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE) return 1;
            sqlite3_reset(insert);
        }
        run(base, "COMMIT");
        const double after = now();
        times[done] = after - at;
        at = after;
    }
    const double took = now() - began;
    qsort(times, (size_t)done, sizeof *times, by_value);
    printf("%.0f %.0f\n", (double)(done * messages) / took, times[done * 99 / 100] * 1e6);
    sqlite3_finalize(insert);
    sqlite3_close(base);
    free(times);
    free(payload);
    return 0;
}
