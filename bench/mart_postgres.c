/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL as a peer: prepared statements, binary, 256 of them in a pipeline. */
#include "mart_peers.h"

#include <endian.h>
#include <libpq-fe.h>
#include <string.h>

#define PIPELINE 256

static _Noreturn void fail(PGconn *c, const char *what)
{
    fprintf(stderr, "mart_peers: PostgreSQL: %s: %s\n", what, PQerrorMessage(c));
    exit(2);
}

static void run(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail(c, sql);
    PQclear(r);
}

/* Copies the rows of a query, NULL as \N. */
static void copy(PGconn *c, sqlite3 *source, const char *from, const char *to)
{
    sqlite3_stmt *s;
    PGresult *r = PQexec(c, to);
    if (PQresultStatus(r) != PGRES_COPY_IN || sqlite3_prepare_v2(source, from, -1, &s, NULL) != SQLITE_OK)
        fail(c, to);
    PQclear(r);
    char buffer[65536];
    size_t n = 0;
    while (sqlite3_step(s) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            const char *text = (const char *)sqlite3_column_text(s, i);
            n += (size_t)snprintf(buffer + n, sizeof buffer - n, "%s%s", i > 0 ? "\t" : "", text == NULL ? "\\N" : text);
        }
        buffer[n++] = '\n';
        if (n > sizeof buffer - 200) {
            PQputCopyData(c, buffer, (int)n);
            n = 0;
        }
    }
    PQputCopyData(c, buffer, (int)n);
    PQputCopyEnd(c, NULL);
    while ((r = PQgetResult(c)) != NULL) {
        if (PQresultStatus(r) != PGRES_COMMAND_OK)
            fail(c, to);
        PQclear(r);
    }
    sqlite3_finalize(s);
}

static void fill(PGconn *c, sqlite3 *source)
{
    run(c, "CREATE UNLOGGED TABLE person (iin bigint NOT NULL, mother bigint, father bigint)");
    run(c, "CREATE UNLOGGED TABLE spouse (iin bigint NOT NULL, spouse bigint NOT NULL)");
    copy(c, source, "SELECT iin, mother, father FROM person", "COPY person FROM STDIN");
    copy(c, source, "SELECT iin, spouse FROM spouse", "COPY spouse FROM STDIN");
    run(c, "ALTER TABLE person ADD PRIMARY KEY (iin)");
    run(c, "ALTER TABLE spouse ADD PRIMARY KEY (iin, spouse)");
    run(c, "VACUUM ANALYZE");
}

static void send(PGconn *c, const struct kin_check *check)
{
    uint64_t a = htobe64((uint64_t)peer_number(check->applicant)), b = htobe64((uint64_t)peer_number(check->owner));
    const char *values[] = { (const char *)&a, (const char *)&b };
    int lengths[] = { 8, 8 }, formats[] = { 1, 1 };
    char name[8];
    snprintf(name, sizeof name, "q%d", sql_class((enum kin_degree)check->degree, (enum kin_side)check->side));
    if (!PQsendQueryPrepared(c, name, 2, values, lengths, formats, 1))
        fail(c, "send");
}

static void check_postgres(void *state, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    PGconn *c = state;
    for (size_t at = 0; at < count; at += PIPELINE) {
        size_t n = count - at < PIPELINE ? count - at : PIPELINE;
        for (size_t i = 0; i < n; i++)
            send(c, &checks[at + i]);
        PQpipelineSync(c);
        for (size_t i = 0; i < n; i++) {
            PGresult *r = PQgetResult(c);
            ret[at + i] = PQntuples(r) > 0 && memcmp(checks[at + i].applicant, checks[at + i].owner, 12) != 0;
            PQclear(r);
            PQgetResult(c);
        }
        PQclear(PQgetResult(c));
    }
}

struct peer peer_postgres(sqlite3 *source, const char *connection)
{
    PGconn *c = PQconnectdb(connection);
    if (PQstatus(c) != CONNECTION_OK)
        fail(c, "connect");
    PGresult *r = PQexec(c, "SELECT to_regclass('person') IS NULL");
    bool fresh = PQgetvalue(r, 0, 0)[0] == 't';
    PQclear(r);
    if (fresh)
        fill(c, source);
    run(c, "SET jit = off");
    run(c, "SET plan_cache_mode = force_generic_plan");
    run(c, "CREATE EXTENSION IF NOT EXISTS pg_prewarm");
    run(c, "SELECT pg_prewarm('person'), pg_prewarm('person_pkey'), pg_prewarm('spouse_pkey')");
    for (int class = 0; class < SQL_CLASSES; class ++) {
        char name[8], text[4000];
        size_t n = 0;
        snprintf(name, sizeof name, "q%d", class);
        for (const char *p = sql_one(class); *p != 0 && n < sizeof text - 1; p++)
            text[n++] = *p == '?' ? '$' : *p;
        text[n] = 0;
        Oid types[] = { 20, 20 }; /* bigint */
        PGresult *prepared = PQprepare(c, name, text, 2, types);
        if (PQresultStatus(prepared) != PGRES_COMMAND_OK)
            fail(c, text);
        PQclear(prepared);
    }
    run(c, "BEGIN");
    if (!PQenterPipelineMode(c))
        fail(c, "pipeline");
    return (struct peer){ "PostgreSQL, pipelined", c, true, check_postgres };
}
