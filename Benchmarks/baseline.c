// The plain C loop beside which the program is measured: it writes the rows of one case, again and again, into a copy of a
// database the program made, with the same indexes, triggers and settings, and nothing else.
//
// usage: baseline DATABASE PLAN SECONDS VOUCHERS_PER_COMMIT
//
// PLAN is made by plan.py from a case the program booked. Lines:
//   S row SQL        a statement for each voucher        S commit SQL    a statement for each commit
//   P N              the parameters of the statement above: null
//   P I BASE STEP    a whole number: BASE + STEP × the voucher's position
//   P T PARTS…       a text, P B PARTS… bytes; a part is h<hex> as it is, or d<number>:<step> as decimal digits
//   P U HEX          bytes whose first eight are the voucher's position, so that they differ
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct { char *bytes; int length; int64_t base, step; } Part;
typedef struct { char kind; int64_t base, step; Part *parts; int part_count; } Parameter;
typedef struct { sqlite3_stmt *statement; int each_row; Parameter *parameters; int count; } Step;

static sqlite3 *db;
static Step steps[256];
static int step_count;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(int result, int wanted, const char *what) {
    if (result == wanted) return;
    fprintf(stderr, "baseline: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(db, sql, 0, 0, 0), SQLITE_OK, sql); }

static char *from_hex(const char *text, int *length) {
    *length = strlen(text) / 2;
    char *bytes = malloc(*length + 1);
    for (int i = 0; i < *length; i++) {
        unsigned value;
        sscanf(text + 2 * i, "%2x", &value);
        bytes[i] = value;
    }
    return bytes;
}

static void read_parameter(char *text) {
    Step *step = &steps[step_count - 1];
    step->parameters = realloc(step->parameters, (step->count + 1) * sizeof(Parameter));
    Parameter *p = memset(&step->parameters[step->count++], 0, sizeof(Parameter));
    p->kind = text[0];
    if (p->kind == 'I') sscanf(text + 2, "%ld %ld", &p->base, &p->step);
    if (p->kind == 'N' || p->kind == 'I') return;
    for (char *word = strtok(text + 1, " "); word; word = strtok(0, " ")) {
        p->parts = realloc(p->parts, (p->part_count + 1) * sizeof(Part));
        Part *part = memset(&p->parts[p->part_count++], 0, sizeof(Part));
        if (p->kind == 'U') part->bytes = from_hex(word, &part->length);
        else if (word[0] == 'h') part->bytes = from_hex(word + 1, &part->length);
        else sscanf(word + 1, "%ld:%ld", &part->base, &part->step);
    }
}

static void read_plan(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) check(1, 0, path);
    char *line = 0;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, file)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        if (line[0] == 'P') {
            read_parameter(line + 2);
            continue;
        }
        Step *step = &steps[step_count++];
        step->each_row = !strncmp(line + 2, "row ", 4);
        const char *sql = strchr(line + 2, ' ') + 1;
        check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &step->statement, 0), SQLITE_OK, sql);
    }
    fclose(file);
}

static void bind(Step *step, int64_t position) {
    static char text[1 << 20];
    for (int i = 0; i < step->count; i++) {
        Parameter *p = &step->parameters[i];
        if (p->kind == 'N') { sqlite3_bind_null(step->statement, i + 1); continue; }
        if (p->kind == 'I') { sqlite3_bind_int64(step->statement, i + 1, p->base + p->step * position); continue; }
        int length = 0;
        for (int k = 0; k < p->part_count; k++) {
            Part *part = &p->parts[k];
            if (!part->bytes) { length += sprintf(text + length, "%ld", part->base + part->step * position); continue; }
            memcpy(text + length, part->bytes, part->length);
            length += part->length;
        }
        if (p->kind == 'U') memcpy(text, &position, sizeof position);
        if (p->kind == 'T') sqlite3_bind_text(step->statement, i + 1, text, length, SQLITE_TRANSIENT);
        else sqlite3_bind_blob(step->statement, i + 1, text, length, SQLITE_TRANSIENT);
    }
}

static void execute(int each_row, int64_t position) {
    for (int i = 0; i < step_count; i++) {
        if (steps[i].each_row != each_row) continue;
        bind(&steps[i], position);
        check(sqlite3_step(steps[i].statement), SQLITE_DONE, sqlite3_sql(steps[i].statement));
        sqlite3_reset(steps[i].statement);
    }
}

int main(int argc, char **argv) {
    if (argc != 5) return fprintf(stderr, "usage: baseline DATABASE PLAN SECONDS VOUCHERS_PER_COMMIT\n"), 2;
    double seconds = atof(argv[3]);
    long size = atol(argv[4]);
    check(sqlite3_open(argv[1], &db), SQLITE_OK, argv[1]);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA recursive_triggers = ON");
    run("PRAGMA trusted_schema = OFF");
    run("PRAGMA wal_autocheckpoint = 4000");
    run("PRAGMA cache_size = -16000");
    read_plan(argv[2]);
    long vouchers = 0, commits = 0;
    double start = now(), end = start;
    while (end - start < seconds) {
        run("BEGIN IMMEDIATE");
        for (long i = 0; i < size; i++) execute(1, ++vouchers);
        execute(0, vouchers);
        run("COMMIT");
        commits++;
        end = now();
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("{\"vouchers\":%ld,\"commits\":%ld,\"vouchers_per_second\":%.1f,\"cpu_us_per_voucher\":%.1f}\n", vouchers,
           commits, vouchers / (end - start), cpu * 1e6 / vouchers);
    return 0;
}
