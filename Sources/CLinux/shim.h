#pragma once
// What the Glibc module hides because it is not in POSIX.
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

/// A file without a name, in memory; closed when another program starts.
static inline int clinux_memory_file(void) { return (int)syscall(SYS_memfd_create, "evidence", 1U); }

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/// Has a program start with no descriptor from this one on.
static inline int clinux_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
