/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line a message on standard error: "<6>tirkeu serve: filing=… state=…" (journald priority first).
 * Logs carry filing numbers, never names or IINs.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

void log_open(const char *program); /* static text, before threads */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2))); /* only with TIRKEU_DEBUG set */

#endif
