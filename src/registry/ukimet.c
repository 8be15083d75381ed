/* SPDX-License-Identifier: Apache-2.0 */
/* Smart Data Ukimet: the family acts of IS ZAGS as of the day before (docs/registers/ukimet.md). */
#include "registry/wire_impl.h"

static const struct wire_service services[] = {
    { .ask = REGISTRY_FAMILY_MART,
      .service_id = "TIRKEU_SDU_Family",
      .name_space = "http://tirkeu.kz/registers/ukimet/family",
      .request_type = "Request",
      .response_type = "Response",
      .form = EXCHANGE_TYPED,
      .request_head = &wire_own_request,
      .response_head = &wire_own_response,
      .response = &zags_family_record,
      .success = WIRE_SUCCESS },
};
const struct wire_table ukimet_table = WIRE_TABLE(services);
