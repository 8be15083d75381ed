/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of `tirkeu kin` that write (cmd_kin_live.c). */
#ifndef CLI_KIN_LIVE_H
#define CLI_KIN_LIVE_H

#include "cli/cli.h"

cli_function kin_apply, kin_snapshot;

#endif
