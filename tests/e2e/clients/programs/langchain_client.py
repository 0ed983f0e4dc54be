"""LangChain's chat model: asks whole and streamed."""

import sys

from langchain_openai import ChatOpenAI

url, key, model = sys.argv[1:]
chat = ChatOpenAI(base_url=f"{url}/v1", api_key=key, model=model, max_retries=0)
assert chat.invoke("ping").content
pieces = [piece.content for piece in chat.stream("ping") if piece.content]
assert len(pieces) > 1, pieces
print("answered")
