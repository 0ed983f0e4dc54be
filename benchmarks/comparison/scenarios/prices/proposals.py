"""What changes of LiteLLM itself would bring, each alone."""

from benchmarks.comparison.scenarios.prices.switches import switch
from benchmarks.comparison.sides.variants import OLLAMA_MODEL_INFO

PROPOSALS = (switch("ollama", "with an indexed lookup of Ollama's models", OLLAMA_MODEL_INFO, kind="proposal"),)
