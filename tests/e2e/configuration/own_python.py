"""The stack's own Python: a callback that marks requests, and one that cannot be imported."""

CALLBACKS = '''"""Marks each request: the answer's header tells that the callback ran."""

from litellm.integrations.custom_logger import CustomLogger


class Marker(CustomLogger):
    """Refuses requests with the word `forbidden`."""

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Return the request, or a refusal."""
        if "forbidden" in str(data.get("messages")):
            return "refused by the stack's own callback"
        return data


marker = Marker()
'''

NOT_IMPORTABLE = "import a_module_that_nobody_has\n\nmarker = None\n"
