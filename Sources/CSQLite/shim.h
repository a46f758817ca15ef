#pragma once
#include <sqlite3.h>

/* sqlite3_config is variadic, which Swift cannot call. Statement journals stay in memory; what is allocated is not counted,
   so that the threads do not wait for one another's counting. */
static inline int pq_configure_sqlite(void) {
    int counted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int kept = sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    return counted != SQLITE_OK ? counted : kept;
}
