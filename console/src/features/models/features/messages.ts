import type { Messages } from "../../../lib/i18n";

/** What a model does, and what it takes, by the names that the API has for them. */
export const messages = {
  comma: [", ", "、", "、", "、"],
  task_chat: ["chat", "对话", "對話", "チャット"],
  task_embeddings: ["embeddings", "向量嵌入", "向量嵌入", "埋め込み"],
  task_images: ["images", "图片生成", "圖片生成", "画像生成"],
  task_speech: ["speech", "语音合成", "語音合成", "音声合成"],
  task_transcriptions: ["transcription", "语音转写", "語音轉寫", "文字起こし"],
  task_moderations: ["moderation", "内容审核", "內容審核", "モデレーション"],
  task_rerank: ["reranking", "重排序", "重新排序", "リランク"],
  takes_text: ["text", "文本", "文字", "テキスト"],
  takes_image: ["images", "图片", "圖片", "画像"],
  takes_audio: ["audio", "音频", "音訊", "音声"],
  takes_video: ["video", "视频", "影片", "動画"],
  takes_file: ["files", "文件", "檔案", "ファイル"],
} as const satisfies Messages;
