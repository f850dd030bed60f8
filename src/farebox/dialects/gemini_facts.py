"""What Gemini's generateContent carries of a conversation, and what its clients call it."""

from farebox.dialects.carriage import Carriage, Facts

_PARTS = "contents[].parts[]"
_CONFIG = "generationConfig"
_CALLING = "toolConfig.functionCallingConfig"

FACTS: Facts = {
    "system": Carriage("systemInstruction"),
    "system_midway": Carriage("", "emulated", "as a turn of the user"),
    "image_url": Carriage(f"{_PARTS}.fileData", note="public addresses; files kept at the provider are refused"),
    "image_inline": Carriage(f"{_PARTS}.inlineData"),
    "image_detail": Carriage("", "hint"),
    "document_url": Carriage(f"{_PARTS}.fileData"),
    "document_inline": Carriage(f"{_PARTS}.inlineData"),
    "audio_inline": Carriage(f"{_PARTS}.inlineData"),
    "participant_name": Carriage("", "no"),
    "assistant_last": Carriage("contents", note="the model continues the turn"),
    "tools": Carriage("tools[].functionDeclarations"),
    "tool_strict": Carriage(f"{_CALLING}.mode", "emulated", "mode VALIDATED, which holds for all functions"),
    "tool_calls": Carriage(f"{_PARTS}.functionCall"),
    "tool_results": Carriage(f"{_PARTS}.functionResponse"),
    "tool_result_error": Carriage(f"{_PARTS}.functionResponse.response.error"),
    "tool_result_media": Carriage(f"{_PARTS}.functionResponse.parts", note="only newer models take it"),
    "tool_choice_none": Carriage(f"{_CALLING}.mode"),
    "tool_choice_required": Carriage(f"{_CALLING}.mode"),
    "tool_choice_named": Carriage(f"{_CALLING}.allowedFunctionNames"),
    "tool_choice_subset": Carriage(f"{_CALLING}.allowedFunctionNames"),
    "parallel_tools": Carriage(
        "", note="calls are always parallel where the model wishes; a wish for single ones is refused"
    ),
    "json_object": Carriage(f"{_CONFIG}.responseMimeType"),
    "json_schema": Carriage(f"{_CONFIG}.responseJsonSchema"),
    "schema_description": Carriage("", "hint"),
    "output_limit": Carriage(f"{_CONFIG}.maxOutputTokens"),
    "stop_sequences": Carriage(f"{_CONFIG}.stopSequences"),
    "temperature": Carriage(f"{_CONFIG}.temperature"),
    "top_p": Carriage(f"{_CONFIG}.topP"),
    "top_k": Carriage(f"{_CONFIG}.topK"),
    "seed": Carriage(f"{_CONFIG}.seed", note="of 32 bits"),
    "presence_penalty": Carriage(f"{_CONFIG}.presencePenalty"),
    "frequency_penalty": Carriage(f"{_CONFIG}.frequencyPenalty"),
    "answers": Carriage(f"{_CONFIG}.candidateCount"),
    "logprobs": Carriage(f"{_CONFIG}.responseLogprobs"),
    "reasoning_effort": Carriage(
        f"{_CONFIG}.thinkingConfig.thinkingLevel", note="models before 3 get a thinking budget by effort"
    ),
    "reasoning_budget": Carriage(f"{_CONFIG}.thinkingConfig.thinkingBudget"),
    "reasoning_off": Carriage(f"{_CONFIG}.thinkingConfig.thinkingBudget", note="0, which some models refuse"),
    "reasoning_adaptive": Carriage(f"{_CONFIG}.thinkingConfig.thinkingBudget", note="-1"),
    "reasoning_show": Carriage(f"{_CONFIG}.thinkingConfig.includeThoughts", note="always as a summary"),
    "past_reasoning": Carriage(_PARTS, note="only unsigned thoughts and what this provider has signed"),
    "past_refusals": Carriage("", "emulated", "as text"),
    "verbosity": Carriage("", "no"),
    "end_user": Carriage("", "hint"),
    "cache_markers": Carriage("", "hint"),
    "automatic_cache": Carriage("", "hint"),
    "cache_key": Carriage("", "hint"),
}
