-- Price classes of images, audio and searches.

-- Prices by the piece stand in the rate cards (domain/pieces.py); here is what a model can be called for.
ALTER TABLE model
    ADD COLUMN tasks text[] NOT NULL DEFAULT '{chat,embeddings}',
    ADD COLUMN most_audio_seconds bigint;           -- of one recording; null is as long as its bytes allow
