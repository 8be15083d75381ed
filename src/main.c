/* SPDX-License-Identifier: Apache-2.0 */
/* Wiring only: what is set up once for the whole process, before threads; then the command line. */
#include <locale.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/log.h"
#include "cli/cli.h"
#include "eds/eds.h"
#include "exchange/exchange.h"

int main(int argc, char **argv)
{
    /* Only the character set: numbers and dates never depend on the user's language. */
    setlocale(LC_CTYPE, "C.UTF-8");
    log_open("tirkeu");
    digest_setup();
    eds_setup();
    exchange_setup();
    int status = cli_main(argc, argv);
    /* A full disk or a closed pipe must not pass for success. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("tirkeu: standard output");
        status = CLI_USAGE;
    }
    return status;
}
