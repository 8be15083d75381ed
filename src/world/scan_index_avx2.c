/* SPDX-License-Identifier: Apache-2.0 */
/* The index of a window for processors with AVX2; the Makefile gives this file its flags. */
#if defined(__x86_64__)
#define SCAN_KERNEL scan_index_avx2
#include "world/scan_index_kernel.h"
#else
typedef int scan_no_index_here; /* ISO C wants something in a file */
#endif
