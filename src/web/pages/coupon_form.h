/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of the coupon: a form of its own for citizens, part of the documents form in the hall and of the API. */
#ifndef WEB_PAGES_COUPON_FORM_H
#define WEB_PAGES_COUPON_FORM_H

#include "web/request.h"

struct coupon_typed {
    struct filing_coupon coupon;
};
extern const char *const coupon_reasons[], *const coupon_educations[], *const coupon_maritals[], *const coupon_occupations[],
                                                                                                     *const coupon_arrivals[];

#define COUPON_CHOICE(type, member, field, choices, error)                                                                       \
    {                                                                                                                            \
#field, FORM_CHOICE, offsetof(type, member.field), .required = true, .choice = choices, .missing = error, .wrong = error \
    }
/* `member` is a struct filing_coupon of the typed struct.  In the order of the page: errors are listed in it. */
#define COUPON_FIELDS(type, member)                                                                                              \
    { "arrived",                                                                                                                 \
      FORM_DAY,                                                                                                                  \
      offsetof(type, member.arrived),                                                                                            \
      .required = true,                                                                                                          \
      .missing = T_COUPON_ARRIVED_WRONG,                                                                                         \
      .wrong = T_COUPON_ARRIVED_WRONG },                                                                                         \
        COUPON_CHOICE(type, member, reason, coupon_reasons, T_COUPON_REASON_MISSING),                                            \
        { "previous_place", FORM_TEXT,  offsetof(type, member.previous_place), .required = true,                                 \
          .min = 2,         .max = 200, .missing = T_COUPON_PREVIOUS_MISSING,  .wrong = T_COUPON_PREVIOUS_MISSING },             \
        COUPON_CHOICE(type, member, arrives_with, coupon_arrivals, T_COUPON_ARRIVES_WITH_MISSING),                               \
        { "children_under_14",                                                                                                   \
          FORM_INT,                                                                                                              \
          offsetof(type, member.children_under_14),                                                                              \
          .required = true,                                                                                                      \
          .min = 0,                                                                                                              \
          .max = 20,                                                                                                             \
          .missing = T_COUPON_CHILDREN_WRONG,                                                                                    \
          .wrong = T_COUPON_CHILDREN_WRONG },                                                                                    \
        COUPON_CHOICE(type, member, education, coupon_educations, T_COUPON_EDUCATION_MISSING),                                   \
        COUPON_CHOICE(type, member, marital, coupon_maritals, T_COUPON_MARITAL_MISSING),                                         \
        COUPON_CHOICE(type, member, occupation, coupon_occupations, T_COUPON_OCCUPATION_MISSING)

void coupon_check(const struct form *form, const void *typed, struct form_state *state);

#endif
