import type { Messages } from "../../../lib/i18n";

export const messages = {
  calls: ["Calls per minute", "每分钟调用", "每分鐘呼叫", "毎分の呼び出し"],
  callsWindow: ["over the last {seconds} s", "最近 {seconds} 秒", "最近 {seconds} 秒", "直近 {seconds} 秒"],
  running: ["Running now", "正在运行", "正在執行", "実行中"],
  errors: ["Failed", "失败率", "失敗率", "失敗"],
  errorsOf: ["{failed} of {ended} ended calls", "{ended} 次中 {failed} 次", "{ended} 次中 {failed} 次", "{ended} 件中 {failed} 件"],
  refused: ["Refused", "被拒绝", "被拒絕", "拒否"],
  margin: ["Margin today (UTC)", "今日毛利（UTC）", "今日毛利（UTC）", "本日の粗利（UTC）"],
  charged: ["Charged", "收入", "收入", "請求額"],
  completeUntil: ["Complete until", "统计截至", "統計截至", "集計済み："],
  cost: ["Provider cost", "供应商成本", "供應商成本", "プロバイダーの費用"],
  queues: ["Waiting for a decision", "等待处理", "等待處理", "判断待ち"],
  none: ["Nothing waits for you.", "没有待处理的事项。", "沒有待處理的事項。", "待っているものはありません。"],
  mail: ["Mail waiting to be sent", "待发送邮件", "待寄出郵件", "送信待ちのメール"],
  unknown: [
    "Charged, but delivery uncertain",
    "已收费但送达不明",
    "已收費但送達不明",
    "課金済みだが配信が不確か",
  ],
  workers: ["Workers", "工作进程", "工作行程", "ワーカー"],
  worker: ["Worker", "进程", "行程", "ワーカー"],
  started: ["Started", "启动", "啟動", "開始"],
  beat: ["Last beat", "最近心跳", "最近心跳", "最後の応答"],
  beating: ["{seconds} s ago", "{seconds} 秒前", "{seconds} 秒前", "{seconds} 秒前"],
  silent: ["silent", "无响应", "無回應", "応答なし"],
} as const satisfies Messages;
