/* SPDX-License-Identifier: Apache-2.0 */
/* Between folder.c and folder_dwellings.c. */
#ifndef REGISTRY_FOLDER_H
#define REGISTRY_FOLDER_H

#include "registry/registry.h"

/* Answers a question from the world into a zeroed answer; texts are those of the world. */
typedef void folder_ask(struct world *world, const struct registry_question *question, struct arena *arena,
                        struct registry_answer *ret);
folder_ask folder_ask_dwelling, folder_ask_dwellings_of;

/* The file with what was asked about is not in the folder. */
void folder_silent(struct registry_answer *ret, enum world_file file);

#endif
