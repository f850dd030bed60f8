/* Refusals that any page may meet: what is not there, what cannot be read, keys, webhooks, requests to support. */

import type { RefusalWords } from "../refusal";

export const general = {
  not_found: ["There is nothing here.", "这里什么也没有。", "這裡什麼也沒有。", "ここには何もありません。"],
  invalid_request: [
    "The input cannot be used: {detail}",
    "输入内容无法使用：{detail}",
    "輸入內容無法使用：{detail}",
    "入力内容を使用できません：{detail}",
  ],
  idempotency_mismatch: [
    "This was sent before with other content. Reload the page and try again.",
    "此请求此前以不同内容提交过，请刷新页面后重试。",
    "此請求先前以不同內容提交過，請重新整理頁面後再試。",
    "同じ要求が別の内容で送信済みです。再読み込みしてやり直してください。",
  ],
  request_too_large: ["This is too large.", "内容过大。", "內容過大。", "サイズが大きすぎます。"],
  unavailable: [
    "The database cannot be reached; nothing was changed. Try again.",
    "无法连接数据库，未做任何更改，请重试。",
    "無法連線至資料庫，未做任何變更，請重試。",
    "データベースに接続できません。何も変更されていません。もう一度お試しください。",
  ],
  internal_error: [
    "Something failed on our side. Try again; if it stays, tell the operator.",
    "我们这边出了问题。请重试；若仍失败，请联系运营方。",
    "我們這邊出了問題。請重試；若仍失敗，請聯絡營運方。",
    "こちら側で問題が起きました。再試行しても続く場合は運営者にお知らせください。",
  ],
  try_again: ["This has just changed. Try again.", "状态刚刚发生变化，请重试。", "狀態剛剛發生變化，請重試。", "状況が変わったばかりです。もう一度お試しください。"],
  key_revoked: [
    "This key was revoked and cannot be changed: create a new one.",
    "此密钥已吊销，无法更改，请创建新密钥。",
    "此金鑰已撤銷，無法變更，請建立新金鑰。",
    "このキーは失効しているため変更できません。新しいキーを作成してください。",
  ],
  too_many_keys: [
    "An account has at most {most} keys: revoke some first.",
    "每个账户最多 {most} 个密钥，请先吊销一些。",
    "每個帳戶最多 {most} 個金鑰，請先撤銷一些。",
    "キーは 1 アカウントにつき {most} 個までです。先にいくつか失効させてください。",
  ],
  unknown_model: ["There is no model {name}.", "没有模型 {name}。", "沒有模型 {name}。", "モデル {name} はありません。"],
  too_many_webhooks: [
    "At most {most} webhooks per account: remove one first.",
    "每个账户最多 {most} 个 Webhook，请先移除一个。",
    "每個帳戶最多 {most} 個 Webhook，請先移除一個。",
    "Webhook は 1 アカウントにつき {most} 個までです。先に一つ削除してください。",
  ],
  webhook_disabled: [
    "This webhook is switched off: switch it on first.",
    "此 Webhook 已停用，请先启用。",
    "此 Webhook 已停用，請先啟用。",
    "この Webhook は無効です。先に有効にしてください。",
  ],
  test_waiting: [
    "A test is on its way already: look at the deliveries.",
    "已有测试正在发送，请查看投递记录。",
    "已有測試正在傳送，請查看傳送記錄。",
    "テストは送信中です。配信履歴をご覧ください。",
  ],
  url_refused: [
    "This address cannot be used ({detail}). Choose another one.",
    "无法使用此地址（{detail}），请换一个。",
    "無法使用此位址（{detail}），請換一個。",
    "この URL は使用できません（{detail}）。別のものを指定してください。",
  ],
  thread_full: [
    "This request is too long: open a new one that names it.",
    "此工单内容过长，请新建一个并注明此工单。",
    "此案件內容過長，請新建一個並註明此案件。",
    "このお問い合わせは長くなりすぎました。新しく作成し、この件に触れてください。",
  ],
  not_positive: ["Choose an amount above zero.", "请填写大于零的金额。", "請填寫大於零的金額。", "ゼロより大きい金額を入力してください。"],
  not_switchable: [
    "These messages cannot be switched off.",
    "此类通知无法关闭。",
    "此類通知無法關閉。",
    "この通知は停止できません。",
  ],
  in_the_future: ["This moment lies ahead.", "时间不能晚于现在。", "時間不能晚於現在。", "未来の日時は指定できません。"],
  in_the_past: [
    "This moment is over: choose a later one, or leave it empty.",
    "时间已过：请选择更晚的时间，或留空。",
    "時間已過：請選擇更晚的時間，或留空。",
    "過去の日時です。後の日時を選ぶか、空欄にしてください。",
  ],
  empty_span: [
    "The span ends before it begins.",
    "结束时间早于开始时间。",
    "結束時間早於開始時間。",
    "終了が開始より前になっています。",
  ],
  not_a_span: [
    "The span lies before 2000 or after 2999.",
    "时间范围须在 2000 至 2999 年之间。",
    "時間範圍須在 2000 至 2999 年之間。",
    "期間は 2000 年から 2999 年の間で指定してください。",
  ],
  span_too_long: [
    "A span has at most {days} days: ask for several.",
    "时间范围最长 {days} 天，请分次查询。",
    "時間範圍最長 {days} 天，請分次查詢。",
    "期間は最長 {days} 日です。分けて指定してください。",
  ],
  too_many_lines: [
    "This is more than one answer holds: choose a shorter span.",
    "结果过多，请缩短时间范围。",
    "結果過多，請縮短時間範圍。",
    "件数が多すぎます。期間を短くしてください。",
  ],
  too_many_points: [
    "This is more than one answer holds: choose a shorter span.",
    "结果过多，请缩短时间范围。",
    "結果過多，請縮短時間範圍。",
    "件数が多すぎます。期間を短くしてください。",
  ],
  not_published: [
    "The operator has published nothing of this kind.",
    "运营方尚未发布此内容。",
    "營運方尚未發布此內容。",
    "この内容はまだ公開されていません。",
  ],
} as const satisfies RefusalWords;
