/* Lets Debian's libstdc++ and libgcc_s, which were built for glibc, load under musl's loader, so that the musl
 * binary runs on a glibc machine. Not part of any release. Each function stands for one that glibc has and musl
 * has not; none of them is on a path that the program takes in a check. */

typedef unsigned long size;
extern long getrandom(void *buffer, size length, unsigned flags);
extern size strftime(char *out, size max, const char *format, const void *time);

char __libc_single_threaded = 0;

struct { unsigned vendor, type, subtype, features[1]; } __cpu_model;
int __cpu_indicator_init(void) { return 0; }

unsigned arc4random(void) {
  unsigned value = 0;
  getrandom(&value, sizeof value, 0);
  return value;
}

size __strftime_l(char *out, size max, const char *format, const void *time, void *locale) {
  (void)locale;
  return strftime(out, max, format, time);
}

/* Destructors of thread-local objects run never: the process ends first. */
int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *library) {
  (void)destroy, (void)object, (void)library;
  return 0;
}

/* -1: not known here, search the slow way. */
int _dl_find_object(void *address, void *result) {
  (void)address, (void)result;
  return -1;
}
