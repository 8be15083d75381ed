/* SPDX-License-Identifier: Apache-2.0 */
/* tirkeu policy sign-request, approve, approved. */
#ifndef CLI_POLICY_SIGN_H
#define CLI_POLICY_SIGN_H

int policy_sign_request(int argc, char **argv);
int policy_approve(int argc, char **argv);
int policy_approved(int argc, char **argv);

#endif
