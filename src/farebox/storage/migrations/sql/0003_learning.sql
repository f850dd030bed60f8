-- What jobs teach about the size of requests and answers.

-- Learned: answers of this model cost reasoning of which its streams show nothing.
ALTER TABLE model ADD COLUMN thinks_unseen boolean NOT NULL DEFAULT false;

-- Sizes of some settled jobs, never content: written by gateway workers beside the till, read and thinned out by the
-- duty 'learning'. Unlogged, because nothing is lost with it but a little time.
CREATE UNLOGGED TABLE learning_sample (
    model           text NOT NULL,
    account_id      uuid NOT NULL,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The request's bytes by class; all zero where media or token numbers were part of the input.
    word_bytes      bigint NOT NULL,
    sign_bytes      bigint NOT NULL,
    cjk_bytes       bigint NOT NULL,
    other_bytes     bigint NOT NULL,
    -- As the provider counted.
    input_tokens    bigint NOT NULL,
    output_tokens   bigint NOT NULL,
    -- Of the output, what its bytes tell of; null for plain answers.
    seen_tokens     bigint
);
