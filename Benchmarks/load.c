// Sends requests that were signed beforehand over connections that stay open, and writes down when each was answered.
//
// usage: load PORT REQUESTS CONNECTIONS RATE TIMES
//   REQUESTS  a file: for each request four bytes of length (little-endian), then its bytes
//   RATE      0: each connection sends its next request when it has its answer (closed loop);
//             else so many a second, whatever the server does (open loop)
//   TIMES     is written: for each request "intended sent answered status", nanoseconds since 1970
//
// In the open loop a request that finds no free connection waits, and its waiting counts: its time runs from the moment
// it should have been sent.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct { const char *bytes; uint32_t length; } Request;
typedef struct { int64_t intended, sent, answered; int status; } Times;
typedef struct { int socket; long request; uint32_t written; char answer[16384]; uint32_t received; } Connection;

static Request *requests;
static Times *times;
static long count, next_request, answered;
static Connection *connections;
static int poll_handle;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void read_requests(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = malloc(size);
    if (!bytes || fread(bytes, 1, size, file) != (size_t)size) fail(path);
    fclose(file);
    for (long at = 0; at < size; count++) at += 4 + *(uint32_t *)(bytes + at);
    requests = calloc(count, sizeof *requests);
    times = calloc(count, sizeof *times);
    for (long at = 0, i = 0; at < size; i++) {
        requests[i].length = *(uint32_t *)(bytes + at);
        requests[i].bytes = bytes + at + 4;
        at += 4 + requests[i].length;
    }
}

static void push(Connection *c) {
    Request *r = &requests[c->request];
    while (c->written < r->length) {
        ssize_t n = send(c->socket, r->bytes + c->written, r->length - c->written, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) break;
        if (n <= 0) fail("send");
        c->written += n;
    }
    struct epoll_event event = {EPOLLIN | (c->written < r->length ? EPOLLOUT : 0), {.ptr = c}};
    epoll_ctl(poll_handle, EPOLL_CTL_MOD, c->socket, &event);
}

static void begin(Connection *c, long request) {
    c->request = request;
    c->written = c->received = 0;
    times[request].sent = now();
    if (!times[request].intended) times[request].intended = times[request].sent;
    push(c);
}

/// Whether the whole answer is there; its status goes to the request's times.
static int is_answered(Connection *c) {
    c->answer[c->received] = 0;
    char *end = strstr(c->answer, "\r\n\r\n");
    if (!end) return 0;
    long length = 0;
    for (char *line = strstr(c->answer, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n"))
        if (!strncasecmp(line + 2, "content-length:", 15)) length = atol(line + 17);
    if (c->received < (end + 4 - c->answer) + length) return 0;
    times[c->request].status = atoi(c->answer + 9);
    return 1;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(int64_t *)a, y = *(int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 6) return fprintf(stderr, "usage: load PORT REQUESTS CONNECTIONS RATE TIMES\n"), 2;
    read_requests(argv[2]);
    int size = atoi(argv[3]);
    double rate = atof(argv[4]);
    if (size > count) size = count;
    connections = calloc(size, sizeof *connections);
    Connection **idle = calloc(size, sizeof *idle);
    int idle_count = 0;
    poll_handle = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < size; i++) {
        Connection *c = &connections[i];
        c->socket = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(c->socket, (struct sockaddr *)&address, sizeof address)) fail("connect");
        int one = 1;
        setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        c->request = -1;
        struct epoll_event event = {EPOLLIN, {.ptr = c}};
        epoll_ctl(poll_handle, EPOLL_CTL_ADD, c->socket, &event);
        idle[idle_count++] = c;
    }
    int64_t start = now() + 1000000;
    for (long i = 0; i < count && rate > 0; i++) times[i].intended = start + (int64_t)(i * 1e9 / rate);
    while (answered < count) {
        while (idle_count && next_request < count && (rate == 0 || times[next_request].intended <= now()))
            begin(idle[--idle_count], next_request++);
        int wait = 10000;
        if (rate > 0 && idle_count && next_request < count) {
            int64_t rest = times[next_request].intended - now();
            // The last part of a millisecond is spent asking, because epoll counts in whole ones.
            wait = rest <= 0 ? 0 : (int)(rest / 1000000);
        }
        struct epoll_event events[256];
        int ready = epoll_wait(poll_handle, events, 256, wait);
        if (ready == 0 && wait == 10000) return fprintf(stderr, "load: no answer within 10 s\n"), 1;
        for (int i = 0; i < ready; i++) {
            Connection *c = events[i].data.ptr;
            if (c->request >= 0 && (events[i].events & EPOLLOUT)) push(c);
            if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
            ssize_t n = recv(c->socket, c->answer + c->received, sizeof c->answer - 1 - c->received, MSG_DONTWAIT);
            if (n < 0 && errno == EAGAIN) continue;
            if (n <= 0 || c->request < 0) return fprintf(stderr, "load: a connection was closed\n"), 1;
            c->received += n;
            if (!is_answered(c)) continue;
            times[c->request].answered = now();
            c->request = -1;
            answered++;
            idle[idle_count++] = c;
        }
    }
    FILE *file = fopen(argv[5], "w");
    if (!file) fail(argv[5]);
    int64_t *latency = calloc(count, sizeof *latency);
    long bad = 0;
    for (long i = 0; i < count; i++) {
        Times *t = &times[i];
        fprintf(file, "%ld %ld %ld %d\n", (long)t->intended, (long)t->sent, (long)t->answered, t->status);
        latency[i] = t->answered - t->intended;
        bad += t->status != 202;
    }
    fclose(file);
    qsort(latency, count, sizeof *latency, compare);
    printf("{\"requests\":%ld,\"not_202\":%ld,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", count, bad,
           latency[count / 2] / 1e6, latency[count * 99 / 100] / 1e6);
    return bad > 0;
}
