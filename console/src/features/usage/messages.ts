import type { Messages } from "../../lib/i18n";

// said by value: model key member charge jobs tokens
export const messages = {
  title: ["Usage", "用量", "用量", "使用量"],
  lead: [
    "Days and hours are UTC. A call counts where it began.",
    "日期与小时均为 UTC，调用按开始时间计入。",
    "日期與小時均為 UTC，呼叫按開始時間計入。",
    "日付と時刻は UTC です。呼び出しは開始時点で数えます。",
  ],
  by: ["By", "按", "依", "分類"],
  model: ["Model", "模型", "模型", "モデル"],
  key: ["Key", "密钥", "金鑰", "キー"],
  member: ["Member", "成员", "成員", "メンバー"],
  span: ["Range", "范围", "範圍", "期間"],
  day: ["24 hours", "24 小时", "24 小時", "24 時間"],
  week: ["7 days", "7 天", "7 天", "7 日"],
  month: ["30 days", "30 天", "30 天", "30 日"],
  quarter: ["90 days", "90 天", "90 天", "90 日"],
  charge: ["Spent", "支出", "支出", "支出"],
  jobs: ["Calls", "调用次数", "呼叫次數", "呼び出し"],
  tokens: ["Tokens", "Token", "Token", "トークン"],
  other: ["Other", "其他", "其他", "その他"],
  nobody: ["Unknown", "未知", "未知", "不明"],
  when: ["When", "时间", "時間", "日時"],
  sum: ["{title}: ", "{title}：", "{title}：", "{title}："],
  total: ["Total", "合计", "合計", "合計"],
  asTable: ["Show as a table", "显示为表格", "顯示為表格", "表で見る"],
  asChart: ["Show as a chart", "显示为图表", "顯示為圖表", "グラフで見る"],
  noneTitle: ["Nothing used in this range", "此范围内没有用量", "此範圍內沒有用量", "この期間の使用はありません"],
  none: [
    "Charts of what you use appear here. Choose a longer range, or make a call.",
    "用量图表会显示在这里。请选择更长的范围，或进行一次调用。",
    "用量圖表會顯示在這裡。請選擇更長的範圍，或進行一次呼叫。",
    "使用状況のグラフがここに表示されます。期間を長くするか、呼び出してみてください。",
  ],
  first: ["Get your first answer", "获取第一个回答", "取得第一個回答", "最初の回答を得る"],
} as const satisfies Messages;
