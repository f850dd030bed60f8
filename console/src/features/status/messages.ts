import type { Messages } from "../../lib/i18n";

// said by value: good degraded down unknown
export const messages = {
  title: ["Status", "服务状态", "服務狀態", "稼働状況"],
  lead: [
    "From real calls, by model family and day (UTC), for the last 90 days.",
    "根据真实调用统计，按模型系列与日期（UTC），近 90 天。",
    "根據真實呼叫統計，按模型系列與日期（UTC），近 90 天。",
    "実際の呼び出しから、モデル系列と日（UTC）ごとに過去 90 日分。",
  ],
  good: ["working", "正常", "正常", "正常"],
  degraded: ["partly failing", "部分异常", "部分異常", "一部障害"],
  down: ["failing", "故障", "故障", "障害"],
  unknown: ["no calls", "无调用", "無呼叫", "呼び出しなし"],
  stopped: ["stopped by the operator", "运营方已暂停", "營運方已暫停", "運営者が停止中"],
  answered: ["{percent} % answered", "{percent}% 成功", "{percent}% 成功", "{percent}% 応答"],
  days: ["The last 90 days of {family}: {good} days working", "{family} 近 90 天：{good} 天正常", "{family} 近 90 天：{good} 天正常", "{family} の過去 90 日：{good} 日正常"],
  noneTitle: ["Nothing is on sale yet", "暂无在售模型", "暫無在售模型", "販売中のモデルはまだありません"],
} as const satisfies Messages;
