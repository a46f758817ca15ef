#pragma once
#include <sqlite3.h>

/* sqlite3_config is variadic, which Swift cannot call. */
static inline int pq_keep_statement_journals_in_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
}
