/* What is wrong with one field of a form, by kind. */

import type { FieldErrorKind } from "../problem";
import type { Words } from "../../lib/i18n";

export const FIELD_ERRORS = {
  missing: ["Fill this in.", "请填写此项。", "請填寫此項。", "入力してください。"],
  unknown_field: ["This is not asked for.", "无需此项。", "無需此項。", "この項目は不要です。"],
  too_short: ["Too short: at least {bound}.", "过短，至少 {bound}。", "過短，至少 {bound}。", "短すぎます（{bound} 以上）。"],
  too_long: ["Too long: at most {bound}.", "过长，最多 {bound}。", "過長，最多 {bound}。", "長すぎます（{bound} まで）。"],
  too_small: ["Too small: from {bound}.", "过小，下限为 {bound}。", "過小，下限為 {bound}。", "小さすぎます（下限 {bound}）。"],
  too_large: ["Too large: up to {bound}.", "过大，上限为 {bound}。", "過大，上限為 {bound}。", "大きすぎます（上限 {bound}）。"],
  not_a_number: ["This is no number.", "请输入数字。", "請輸入數字。", "数値を入力してください。"],
  not_a_choice: ["Choose one of the choices.", "请从选项中选择。", "請從選項中選擇。", "選択肢から選んでください。"],
  not_a_moment: ["This is no date and time.", "请输入有效的日期和时间。", "請輸入有效的日期和時間。", "日時の形式が正しくありません。"],
  not_an_id: ["This is no id.", "编号格式不正确。", "編號格式不正確。", "ID の形式が正しくありません。"],
  wrong_form: ["This does not have the expected form.", "格式不正确。", "格式不正確。", "形式が正しくありません。"],
} as const satisfies Readonly<Record<FieldErrorKind, Words>>;
