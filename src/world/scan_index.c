/* SPDX-License-Identifier: Apache-2.0 */
/* Where fields end: the index of a window, by the kernel that suits the processor. */
#define SCAN_KERNEL scan_index_any
#include "world/scan_index_kernel.h"

void scan_index_make(const char *p, size_t n, struct scan_index *ret)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
        scan_index_avx2(p, n, ret);
        return;
    }
#endif
    scan_index_any(p, n, ret);
}
