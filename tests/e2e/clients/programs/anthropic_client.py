"""Anthropic's own client: asks whole and streamed."""

import sys

import anthropic

url, key, model = sys.argv[1:]
client = anthropic.Anthropic(base_url=url, api_key=key, max_retries=0)
question = {"model": model, "max_tokens": 64, "messages": [{"role": "user", "content": "ping"}]}
answer = client.messages.create(**question)
assert answer.content[0].text
with client.messages.stream(**question) as stream:
    pieces = [*stream.text_stream]
assert len(pieces) > 1, pieces
print("answered")
