"""The official account of WeChat: binding a person, token, messages."""
