/* A layer before the system's calls that change files: each is done, and written down in its order.
 *
 * Built and loaded by benchmarks/power_cut.py (LD_PRELOAD). Written down is what happens below a folder, and what is printed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static int record = -1;
/* An operation and the line about it are one: threads write, too. */
static pthread_mutex_t order = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void recording_arm(const char *path, int descriptor) {
    snprintf(folder, sizeof folder, "%s/", path);
    record = descriptor;
}

#define REAL(result, name, ...) ((result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

struct line {
    int64_t inode, offset;
    uint32_t path, other, size;
    char kind[4];
};

static void put(char kind, int64_t inode, int64_t offset, const char *path, const char *other, const void *bytes, size_t size) {
    struct line line = {inode, offset, strlen(path), strlen(other), size, {kind}};
    struct iovec parts[] = {
        {&line, sizeof line}, {(void *)path, line.path}, {(void *)other, line.other}, {(void *)bytes, size}};
    REAL(ssize_t, "writev", int, const struct iovec *, int)(record, parts, 4);
}

static int below(const char *path) { return !strncmp(path, folder, strlen(folder)); }

/* The path of a name within a folder that is open, or of the descriptor itself; whether it lies below ours. */
static int path_of(int at, const char *name, char *whole) {
    char link[64];
    *whole = 0;
    if (record < 0) return 0;
    if (name && name[0] == '/') snprintf(whole, PATH_MAX, "%s", name);
    else {
        ssize_t length = 0;
        if (at == AT_FDCWD) length = getcwd(whole, PATH_MAX) ? (ssize_t)strlen(whole) : -1;
        else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", at);
            length = readlink(link, whole, PATH_MAX - 1);
        }
        if (length < 0) return 0;
        whole[length] = 0;
        if (name) strncat(whole, "/", 2), strncat(whole, name, PATH_MAX - length - 2);
    }
    return below(whole);
}

static int64_t inode_of(int fd) {
    struct stat found;
    return fstat(fd, &found) ? 0 : (int64_t)found.st_ino;
}

static int watched(int fd) {
    char path[PATH_MAX];
    return path_of(fd, NULL, path);
}

#define RECORDED(done, line)             \
    pthread_mutex_lock(&order);          \
    __auto_type result = done;           \
    if (result >= 0) line;               \
    pthread_mutex_unlock(&order);        \
    return result;

#define PWRITE(name, offset_type)                                                         \
    ssize_t name(int fd, const void *bytes, size_t size, offset_type offset) {            \
        __auto_type real = REAL(ssize_t, #name, int, const void *, size_t, offset_type);  \
        if (!watched(fd)) return real(fd, bytes, size, offset);                           \
        RECORDED(real(fd, bytes, size, offset), put('w', inode_of(fd), offset, "", "", bytes, result)) \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t size) {
    __auto_type real = REAL(ssize_t, "write", int, const void *, size_t);
    if (record >= 0 && fd == 1) { RECORDED(real(fd, bytes, size), put('p', 0, 0, "", "", bytes, result)) }
    if (!watched(fd)) return real(fd, bytes, size);
    RECORDED(real(fd, bytes, size), put('w', inode_of(fd), lseek(fd, 0, SEEK_CUR) - result, "", "", bytes, result))
}

#define SYNC(name)                                                                        \
    int name(int fd) {                                                                    \
        char path[PATH_MAX];                                                              \
        __auto_type real = REAL(int, #name, int);                                         \
        char whole[PATH_MAX + 1];                                                         \
        if (!path_of(fd, NULL, path)) {                                                   \
            snprintf(whole, sizeof whole, "%s/", path);                                   \
            if (record < 0 || strcmp(whole, folder)) return real(fd);                     \
        }                                                                                 \
        RECORDED(real(fd), put('s', inode_of(fd), 0, path, "", "", 0))                    \
    }
SYNC(fsync)
SYNC(fdatasync)

#define RESIZE(name, size_type)                                                           \
    int name(int fd, size_type size) {                                                    \
        __auto_type real = REAL(int, #name, int, size_type);                              \
        if (!watched(fd)) return real(fd, size);                                          \
        RECORDED(real(fd, size), put('t', inode_of(fd), size, "", "", "", 0))             \
    }
RESIZE(ftruncate, off_t)
RESIZE(ftruncate64, off64_t)

static int moved(char kind, int (*done)(int, const char *, int, const char *), int a, const char *from, int b, const char *to) {
    char old[PATH_MAX], new[PATH_MAX];
    int either = path_of(a, from, old);
    either |= path_of(b, to, new);
    if (!either) return done(a, from, b, to);
    RECORDED(done(a, from, b, to), put(kind, 0, 0, old, new, "", 0))
}
static int move(int a, const char *from, int b, const char *to) {
    return REAL(int, "renameat", int, const char *, int, const char *)(a, from, b, to);
}
static int name_again(int a, const char *from, int b, const char *to) {
    return REAL(int, "linkat", int, const char *, int, const char *, int)(a, from, b, to, 0);
}
int rename(const char *from, const char *to) { return moved('r', move, AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int a, const char *from, int b, const char *to) { return moved('r', move, a, from, b, to); }
int link(const char *from, const char *to) { return moved('l', name_again, AT_FDCWD, from, AT_FDCWD, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return moved('l', name_again, a, from, b, to); }

static int gone(int at, const char *name, int flags) {
    char path[PATH_MAX];
    __auto_type real = REAL(int, "unlinkat", int, const char *, int);
    if (!path_of(at, name, path)) return real(at, name, flags);
    RECORDED(real(at, name, flags), put('u', 0, 0, path, "", "", 0))
}
int unlinkat(int at, const char *name, int flags) { return gone(at, name, flags); }
int unlink(const char *name) { return gone(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return gone(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdir(const char *name, mode_t mode) {
    char path[PATH_MAX];
    __auto_type real = REAL(int, "mkdir", const char *, mode_t);
    if (!path_of(AT_FDCWD, name, path)) return real(name, mode);
    RECORDED(real(name, mode), put('m', 0, 0, path, "", "", 0))
}

static int opened(int at, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    __auto_type real = REAL(int, "openat", int, const char *, int, ...);
    if (!(flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE || !path_of(at, name, path))
        return real(at, name, flags, mode);
    pthread_mutex_lock(&order);
    int there = !access(path, F_OK), fd = real(at, name, flags, mode);
    if (fd >= 0 && !there) put('c', inode_of(fd), 0, path, "", "", 0);
    else if (fd >= 0 && flags & O_TRUNC) put('t', inode_of(fd), 0, "", "", "", 0);
    pthread_mutex_unlock(&order);
    return fd;
}

#define MODE                                                                   \
    va_list rest;                                                              \
    va_start(rest, flags);                                                     \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;    \
    va_end(rest);
int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }
