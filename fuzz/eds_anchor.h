/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the corpora of the eds fuzzers are signed under; the private keys are gone, so nothing else can become valid.
 */
#ifndef FUZZ_EDS_ANCHOR_H
#define FUZZ_EDS_ANCHOR_H

#include <stdlib.h>
#include <openssl/x509.h>

#include "eds/eds.h"

static const char eds_root[] = "-----BEGIN CERTIFICATE-----\n"
                               "MIICPzCCAaegAwIBAgIUcN/fy3nXonw6eRBYY3lKMbTozGgwDgYKKoMOAwoBAQID\n"
                               "AgUAMCExEjAQBgNVBAMMCUZVWlogUk9PVDELMAkGA1UEBhMCS1owIBcNMjYwMjI1\n"
                               "MDYxMzIwWhgPMjEyNTA0MTAyMzA2NDBaMCExEjAQBgNVBAMMCUZVWlogUk9PVDEL\n"
                               "MAkGA1UEBhMCS1owgawwIwYJKoMOAwoBAQICMBYGCiqDDgMKAQECAgEGCCqDDgMK\n"
                               "AQMDA4GEAASBgHBIl311oO+b/dgKB8Hsm3wt0Bo0h+F0pWsEryj7BD2EZ+8FYw0o\n"
                               "c6SzlNT40FMgjY+7VS3fIFTs5XKv4ibCzu9vfECYNYYXYBDIvZ+6WIk51pG2S/Nn\n"
                               "AF2pMKpKRQqt8ZqCbYSv/Vozqr7rU02qAWT90s/WB90b9g0tjterJ77lo2MwYTAP\n"
                               "BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUSXYwEsjc\n"
                               "rbjRKC63RdYG3rsA9rowHwYDVR0jBBgwFoAUSXYwEsjcrbjRKC63RdYG3rsA9row\n"
                               "DgYKKoMOAwoBAQIDAgUAA4GBAPLmgKS5TA6QXTw4kMpMjNdd+BLkjANeDs0wQjIQ\n"
                               "bqcBgIgYoZyf+1Om3zGDGaATYSX+RyDAATmml9AbGKZJdWkesVv43Sda682SEWiq\n"
                               "qTpraveCMIS7gcJU+xCnZj0HfC0ndHe+hTjFvmrSkvJJxJKa7KqVHFpGATseadxf\n"
                               "2eb1\n"
                               "-----END CERTIFICATE-----\n";

static const char eds_nca[] = "-----BEGIN CERTIFICATE-----\n"
                              "MIICPjCCAaagAwIBAgIUfNVM1XtnIseiL5VF+JCeyXhczJ4wDgYKKoMOAwoBAQID\n"
                              "AgUAMCExEjAQBgNVBAMMCUZVWlogUk9PVDELMAkGA1UEBhMCS1owIBcNMjYwMjI1\n"
                              "MDYxMzIwWhgPMjEyNTA0MTAyMzA2NDBaMCAxETAPBgNVBAMMCEZVWlogTkNBMQsw\n"
                              "CQYDVQQGEwJLWjCBrDAjBgkqgw4DCgEBAgIwFgYKKoMOAwoBAQICAQYIKoMOAwoB\n"
                              "AwMDgYQABIGAKMYX2nAJ9/8DM4v57suhaYMAFh7xmaCUr221S+4G4Kl/+edoh5u3\n"
                              "RIuonfrmEHbBrkLdc9UGD82NGIKps1bZg0zmvU4zMvrxfMrOpVsdtRQsULCH2ow4\n"
                              "vvUzfIc5kq6mWrZa/Qn+cpkBZA5OG/vbWkYb/kGkr5aY1r0RnwvcOfyjYzBhMA8G\n"
                              "A1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBRBvfxCEee9\n"
                              "j+dMoAdURKtFvKKcMjAfBgNVHSMEGDAWgBRJdjASyNytuNEoLrdF1gbeuwD2ujAO\n"
                              "Bgoqgw4DCgEBAgMCBQADgYEAZcAqeTOhdEKrXU5IL1eKaGGsO7M48ZaDpPIt07Fb\n"
                              "wqjstpVQh3JsFyzKuENM0Rfr6q0I6qo04d/gsP7QC/qk2J7tHVzEa4itCBIZ4LGr\n"
                              "X3O3i+pFcdq1pTjbwFY3XBTKOPyjpapu9G+0w/E5+CbXc+ZYgorvOzyRNnNmpV3R\n"
                              "QOE=\n"
                              "-----END CERTIFICATE-----\n";

static const char eds_person[] = "-----BEGIN CERTIFICATE-----\n"
                                 "MIIDSzCCArOgAwIBAgIUVZ+g0ckcTV8J5Vw+L2iIitTlCFcwDgYKKoMOAwoBAQID\n"
                                 "AgUAMCAxETAPBgNVBAMMCEZVWlogTkNBMQswCQYDVQQGEwJLWjAgFw0yNjAyMjUw\n"
                                 "NjEzMjBaGA8yMTI1MDQxMDIzMDY0MFoweTEeMBwGA1UEAwwV0KLQldCh0KLQntCS\n"
                                 "INCi0JXQodCiMRUwEwYDVQQEDAzQotCV0KHQotCe0JIxGDAWBgNVBAUTD0lJTjEy\n"
                                 "MzQ1Njc4OTAxMTELMAkGA1UEBhMCS1oxGTAXBgNVBCoMENCi0JXQodCi0J7QktCY\n"
                                 "0KcwgawwIwYJKoMOAwoBAQICMBYGCiqDDgMKAQECAgEGCCqDDgMKAQMDA4GEAASB\n"
                                 "gJ/+7PxV5V1sE4g8FKxoBej2shiha1NBImHPlUM9EFho1fZ0o8SA674VQHsN8IhR\n"
                                 "k6+N8cUaRJYe9Iz1KyD1Wzy4yDaO8SFI6jtls7LP9hH9rv++kD2YAznDCIar/C0q\n"
                                 "YjSFrJ99dsAhvTmo18HMqC7BdheoQP0AWRKd/1cpgQzZo4IBFjCCARIwHQYDVR0l\n"
                                 "BBYwFAYIKwYBBQUHAwQGCCqDDgMDBAEBMBMGA1UdIAQMMAowCAYGKoMOAwMCMDAG\n"
                                 "CCsGAQUFBwEBBCQwIjAgBggrBgEFBQcwAYYUaHR0cDovL29jc3AuZXhhbXBsZS8w\n"
                                 "KwYDVR0fBCQwIjAgoB6gHIYaaHR0cDovL2NybC5leGFtcGxlL25jYS5jcmwwLQYD\n"
                                 "VR0uBCYwJDAioCCgHoYcaHR0cDovL2NybC5leGFtcGxlL25jYV9kLmNybDAOBgNV\n"
                                 "HQ8BAf8EBAMCBsAwHQYDVR0OBBYEFLtjEi+7HUwRHtnSMtS0mWftBCJTMB8GA1Ud\n"
                                 "IwQYMBaAFEG9/EIR572P50ygB1REq0W8opwyMA4GCiqDDgMKAQECAwIFAAOBgQCT\n"
                                 "iV9dU72FpFPUQJDfHW3FS4eHW1K03+FFNsQOhN+M0bDswwP6eLXFtUAousxJYUmp\n"
                                 "BKjJsBjtYxxIDijeMfLFirZG4EIG9pl3H/OFDhNnclac5U8CoCXl1qH8L9lf6eQ+\n"
                                 "6O9jW6kjS5vYIiVQN3ME79+EjDJvOgMv0Zcu7htZJg==\n"
                                 "-----END CERTIFICATE-----\n";

#define EDS_FUZZ_AT ((struct moment){ 1800000000000 })

static inline X509 *eds_fuzz_certificate(const char *pem)
{
    X509 *certificate;
    struct err err;
    if (!eds_certificate_read(str_from(pem), &certificate, &err))
        abort();
    return certificate;
}

static inline struct eds_trust *eds_fuzz_trust(void)
{
    struct eds_trust *trust;
    struct err err;
    eds_setup();
    X509 *root = eds_fuzz_certificate(eds_root), *nca = eds_fuzz_certificate(eds_nca);
    if (!eds_trust_make(EDS_TEST, &root, 1, &nca, 1, &eds_policy_archive, &trust, &err))
        abort();
    X509_free(root);
    X509_free(nca);
    return trust;
}

#endif
