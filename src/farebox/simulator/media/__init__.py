"""The endpoints beside conversation: images, audio, moderation and reranking, each with a tiny deterministic result."""
