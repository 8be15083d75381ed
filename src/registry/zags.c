/* SPDX-License-Identifier: Apache-2.0 */
/* IS ZAGS: family acts by IIN, by the public schema of GBDFLFamilyByIIN (docs/registers/zags.md).  An act may lack any IIN. */
#include "registry/wire_impl.h"

#define B struct world_birth
static const struct field birth_fields[] = {
    FIELD(MIDNIGHT, B, act_date, "actDate"), FIELD(TEXT, B, act_number, "actNumber"), FIELD(IIN, B, child, "childIIN"),
    FIELD(IIN, B, father, "fatherIIN"),      FIELD(IIN, B, mother, "motherIIN"),
};
static const struct record birth_record = RECORD(B, birth_fields);
#undef B

#define M struct world_marriage
static const struct field marriage_fields[] = {
    FIELD(MIDNIGHT, M, act_date, "actDate"),
    FIELD(TEXT, M, act_number, "actNumber"),
    FIELD(IIN, M, husband, "husbandIIN"),
    FIELD(IIN, M, wife, "wifeIIN"),
};
static const struct record marriage_record = RECORD(M, marriage_fields);
#undef M

#define D struct world_divorce
static const struct field divorce_fields[] = {
    FIELD(MIDNIGHT, D, act_date, "actDate"), FIELD(TEXT, D, act_number, "actNumber"),
    FIELD(IIN, D, husband, "husbandIIN"),    FIELD(TEXT, D, marriage_act_number, "marriageActNumber"),
    FIELD(IIN, D, wife, "wifeIIN"),
};
static const struct record divorce_record = RECORD(D, divorce_fields);
#undef D

/* `unavailable` is ours: a part of the archive that could not be searched. */
#define F  struct registry_family
#define IN "familyData/familyInfoList/"
static const struct field family_fields[] = {
    CONTAINER("familyData/familyInfoList"),
    LISTED(F, birth, births, IN "birthInfos", birth_record),
    LISTED(F, divorce, divorces, IN "divorceInfos", divorce_record),
    LISTED(F, marriage, marriages, IN "marriageInfos", marriage_record),
    FIELD(BOOL, F, births_silent, "unavailable/births"),
    FIELD(BOOL, F, divorces_silent, "unavailable/divorces"),
    FIELD(BOOL, F, marriages_silent, "unavailable/marriages"),
};
const struct record zags_family_record = RECORD(F, family_fields);
#undef F
#undef IN

static const struct field request_head_fields[] = { NEEDED(TEXT, struct wire_head, sender, "userId") };
static const struct record request_head = RECORD(struct wire_head, request_head_fields);

static const struct field response_head_fields[] = {
    NEEDED(TEXT, struct wire_head, code, "Status/Code"),
    FIXED("Status/NameRu", "Запрос обработан"),
    FIXED("Status/NameKz", "Сұрау салу өңделді"),
};
static const struct record response_head = RECORD(struct wire_head, response_head_fields);

static const struct wire_service services[] = {
    { .ask = REGISTRY_FAMILY,
      .service_id = "GBDFLFamilyByIIN",
      .name_space = "http://bip.bee.kz/SyncChannel/v10/Interfaces",
      .request_type = "RequestData",
      .response_type = "ResponseDataType",
      .form = EXCHANGE_TYPED,
      .request_head = &request_head,
      .response_head = &response_head,
      .response = &zags_family_record,
      .success = WIRE_SUCCESS },
};
const struct wire_table zags_table = WIRE_TABLE(services);
