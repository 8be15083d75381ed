/* SPDX-License-Identifier: Apache-2.0 */
/* The batch for processors with AVX2; the Makefile gives this file its flags. */
#if defined(__x86_64__)
#include <immintrin.h>

#define KIN_VECTORS
#define KIN_KERNEL      kin_batch_avx2
#define KIN_PAIR_KERNEL kin_pairs_avx2
#include "kin/mart_kernel.h"
#else
typedef int kin_no_batch_here; /* ISO C wants something in a file */
#endif
