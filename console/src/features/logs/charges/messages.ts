import type { Messages } from "../../../lib/i18n";

/** What a line of a receipt is for, by the name that the API has for it. */
export const messages = {
  for_request: ["Request", "请求", "請求", "リクエスト"],
  for_context_tier: ["Call, by size of input", "调用（按输入大小）", "呼叫（依輸入大小）", "呼び出し（入力の大きさ別）"],
  for_input: ["Input", "输入", "輸入", "入力"],
  for_cached_input: ["Cached input", "缓存输入", "快取輸入", "キャッシュ入力"],
  for_cache_write: ["Cache write", "缓存写入", "快取寫入", "キャッシュ書込"],
  for_cache_write_1h: ["Cache write, 1 hour", "缓存写入（1 小时）", "快取寫入（1 小時）", "キャッシュ書込（1 時間）"],
  for_image_input: ["Image input", "图片输入", "圖片輸入", "画像入力"],
  for_audio_input: ["Audio input", "音频输入", "音訊輸入", "音声入力"],
  for_output: ["Output", "输出", "輸出", "出力"],
  for_reasoning: ["Reasoning", "推理", "推理", "推論"],
  for_image_output: ["Image output", "图片输出", "圖片輸出", "画像出力"],
  for_audio_output: ["Audio output", "音频输出", "音訊輸出", "音声出力"],
  for_image: ["Images", "图片", "圖片", "画像"],
  for_audio_second: ["Seconds of audio", "音频（秒）", "音訊（秒）", "音声（秒）"],
  for_character: ["Characters", "字符", "字元", "文字"],
  for_search_unit: ["Searches", "检索", "檢索", "検索"],
} as const satisfies Messages;
