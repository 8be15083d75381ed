/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a request comes from, for limits.  On the machine itself stands the proxy that ends TLS: what it says, and only it, is
 * believed, and of a list the last address, which is the one that it saw itself.  Of an IPv6 address the first 56 bits count: a
 * household has that many to itself.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/digest.h"
#include "web/request.h"

enum { NETWORK_BYTES = 7 };

static struct str last_of(struct str list)
{
    struct str part = list;
    while (list.n > 0 && str_split(&list, ',', &part))
        ;
    return str_trim(part);
}

/* The address as the bytes that count; 0: none. */
static size_t read_address(struct str text, unsigned char ret[sizeof(struct in6_addr)])
{
    char zero_terminated[INET6_ADDRSTRLEN];
    if (text.n == 0 || text.n >= sizeof zero_terminated)
        return 0;
    memcpy(zero_terminated, text.p, text.n);
    zero_terminated[text.n] = '\0';
    if (inet_pton(AF_INET, zero_terminated, ret) == 1)
        return sizeof(struct in_addr);
    return inet_pton(AF_INET6, zero_terminated, ret) == 1 ? NETWORK_BYTES : 0;
}

struct str web_origin(struct web_request *r)
{
    unsigned char address[sizeof(struct in6_addr)];
    char digest[DIGEST_HEX];
    struct str peer = http_peer(r->http);
    size_t n = str_starts(peer, "127.") ? read_address(last_of(http_last_header(r->http, "X-Forwarded-For")), address) : 0;
    if (n == 0)
        n = read_address(peer, address);
    return n > 0 ? arena_str(r->arena, str_from(digest_hex((struct str){ (const char *)address, n }, digest))) : STR("");
}
