import type { Messages } from "../../lib/i18n";

// said by value: open answered closed
export const messages = {
  title: ["Support", "客服", "客服", "サポート"],
  lead: [
    "Write to the operator. Answers come by mail and here.",
    "给运营方留言，回复会发到邮箱并显示在此。",
    "給營運方留言，回覆會寄到信箱並顯示在此。",
    "運営者へのお問い合わせ。返信はメールとこのページに届きます。",
  ],
  create: ["New request", "新建工单", "新增客服案件", "新しい問い合わせ"],
  refunds: ["Refunds and disputes", "退款与异议", "退款與異議", "返金と異議"],
  noneTitle: ["No requests yet", "还没有工单", "尚無客服案件", "問い合わせはまだありません"],
  none: [
    "What you ask and what is answered is kept here.",
    "您的提问与回复都会保存在这里。",
    "您的提問與回覆都會保存在這裡。",
    "質問と回答はここに残ります。",
  ],
  subject: ["Subject", "主题", "主旨", "件名"],
  message: ["Message", "内容", "內容", "本文"],
  method: ["Payment method (if it is about one)", "付款方式（如相关）", "付款方式（如相關）", "支払い方法（該当する場合）"],
  reference: ["Payment reference or recharge id", "付款凭证号或充值编号", "付款憑證號或儲值編號", "支払い番号またはチャージ ID"],
  job: ["Job id", "任务编号", "任務編號", "ジョブ ID"],
  amount: ["Amount", "金额", "金額", "金額"],
  send: ["Send", "发送", "傳送", "送信"],
  when: ["When", "时间", "時間", "日時"],
  state: ["State", "状态", "狀態", "状態"],
  open: ["waiting for us", "等待回复", "等待回覆", "回答待ち"],
  answered: ["answered", "已回复", "已回覆", "回答済み"],
  closed: ["closed", "已关闭", "已關閉", "終了"],
  due: ["Answer by", "答复期限", "答覆期限", "回答期限"],
  you: ["You", "您", "您", "あなた"],
  operator: ["Operator", "运营方", "營運方", "運営者"],
  reply: ["Your reply", "您的回复", "您的回覆", "返信"],
  close: ["This is settled: close", "已解决，关闭", "已解決，關閉", "解決済みとして閉じる"],
  back: ["All requests", "全部工单", "全部客服案件", "すべての問い合わせ"],
} as const satisfies Messages;
