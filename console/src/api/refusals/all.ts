/* Every refusal of the control API in four languages: a code without words is a type error here. */

import type { Words } from "../../lib/i18n";
import type { RefusalCode } from "../problem";
import { general } from "./general";
import { money } from "./money";
import { operating } from "./operating";
import { signingIn } from "./signingIn";

export const REFUSALS: Readonly<Record<RefusalCode, Words>> = { ...signingIn, ...money, ...general, ...operating };
export { FIELD_ERRORS } from "./fields";
