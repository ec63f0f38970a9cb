/* A layer before the system's calls that write: the n-th below a folder fails, as on a full or a broken disk, or ends the process.
 *
 * Built and loaded by benchmarks/failing_writes.py (LD_PRELOAD). Counted are writes, synchronisations, changes of length and of
 * rights, and files and folders that are made, named again, renamed or removed; what is only read is not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[4096];
static long fails_at;           /* the number of the call; 0 for none, so that all are only counted */
static int failure, lasting;    /* errno, or 0 to end the process; whether all that follow fail as well */
static volatile long *counted;

void failing_arm(const char *path, int error, long at, int from_then_on, long *count) {
    counted = NULL;
    snprintf(folder, sizeof folder, "%s/", path);
    failure = error, fails_at = at, lasting = from_then_on, counted = count;
}

static int below(const char *path) {
    char whole[8192];
    if (path[0] != '/') {
        if (!getcwd(whole, 4096)) return 0;
        strcat(whole, "/"), strncat(whole, path, 4000);
        path = whole;
    }
    return !strncmp(path, folder, strlen(folder));
}

static int is_below(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 2);
    if (length < 0) return 0;
    path[length] = '/', path[length + 1] = 0;
    return below(path);
}

/* 0: go on; 1: fail; 2: the first failing call of all, of which a half may be done. */
static int turn(void) {
    long number = __sync_add_and_fetch(counted, 1);
    if (!fails_at || number < fails_at || (number > fails_at && !lasting)) return 0;
    return number == fails_at ? 2 : 1;
}

static int fail(void) {
    if (!failure) kill(getpid(), SIGKILL);
    errno = failure;
    return -1;
}

#define REAL(name, ...) ((int (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))
#define WATCHED(fd) (counted && is_below(fd))

#define WRITE(name, offset_type)                                                                     \
    ssize_t name(int fd, const void *bytes, size_t size, offset_type offset) {                       \
        ssize_t (*real)(int, const void *, size_t, offset_type) = dlsym(RTLD_NEXT, #name);           \
        int now = WATCHED(fd) ? turn() : 0;                                                          \
        if (!now) return real(fd, bytes, size, offset);                                              \
        if (now == 2 && size > 1) {                                                                  \
            ssize_t half = real(fd, bytes, size / 2, offset);                                        \
            if (failure && lasting) return half;                                                     \
        }                                                                                            \
        return fail();                                                                               \
    }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    int now = WATCHED(fd) ? turn() : 0;
    if (!now) return real(fd, bytes, size);
    if (now == 2 && size > 1) {
        ssize_t half = real(fd, bytes, size / 2);
        if (failure && lasting) return half;
    }
    return fail();
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t (*real)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    return WATCHED(fd) && turn() ? fail() : real(fd, parts, count);
}

#define ON_FILE(name, parameters, arguments, ...) \
    int name parameters { return WATCHED(fd) && turn() ? fail() : REAL(#name, __VA_ARGS__) arguments; }
ON_FILE(fsync, (int fd), (fd), int)
ON_FILE(fdatasync, (int fd), (fd), int)
ON_FILE(ftruncate, (int fd, off_t size), (fd, size), int, off_t)
ON_FILE(ftruncate64, (int fd, off64_t size), (fd, size), int, off64_t)
ON_FILE(fchmod, (int fd, mode_t mode), (fd, mode), int, mode_t)

#define ON_PATH(name, parameters, path, arguments, ...) \
    int name parameters { return counted && below(path) && turn() ? fail() : REAL(#name, __VA_ARGS__) arguments; }
ON_PATH(rename, (const char *from, const char *to), to, (from, to), const char *, const char *)
ON_PATH(link, (const char *from, const char *to), to, (from, to), const char *, const char *)
/* What is removed gives room: on a full disk that works. */
#define ON_REMOVED(name)                                                                                         \
    int name(const char *path) {                                                                                 \
        return counted && failure != ENOSPC && below(path) && turn() ? fail() : REAL(#name, const char *)(path); \
    }
ON_REMOVED(unlink)
ON_REMOVED(rmdir)
int unlinkat(int at, const char *name, int flags) {
    int ours = counted && failure != ENOSPC && (name[0] == '/' || at == AT_FDCWD ? below(name) : is_below(at));
    return ours && turn() ? fail() : REAL("unlinkat", int, const char *, int)(at, name, flags);
}
ON_PATH(mkdir, (const char *path, mode_t mode), path, (path, mode), const char *, mode_t)
ON_PATH(chmod, (const char *path, mode_t mode), path, (path, mode), const char *, mode_t)

static int makes(const char *path, int flags) {
    return counted && (flags & O_CREAT) && below(path) && access(path, F_OK) && turn();
}

#define OPEN(name)                                                                        \
    int name(const char *path, int flags, ...) {                                          \
        va_list rest;                                                                     \
        va_start(rest, flags);                                                            \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;           \
        va_end(rest);                                                                     \
        int saved = errno;                                                                \
        if (makes(path, flags)) return fail();                                            \
        errno = saved;                                                                    \
        return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
