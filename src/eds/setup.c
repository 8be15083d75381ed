/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/provider.h"

#include <libxml/parser.h>
#include <pthread.h>
#include <stdio.h>

#include "base/digest.h"

static void setup(void)
{
    xmlInitParser();
    digest_setup();
    if (!provider_register()) {
        fprintf(stderr, "the provider of GOST signatures cannot be registered with OpenSSL\n");
        exit(2);
    }
}

void eds_setup(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, setup);
}
