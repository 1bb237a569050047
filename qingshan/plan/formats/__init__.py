"""Bytes to text, one file a format; each function is pure and raises Unreadable with a sentence."""


class Unreadable(Exception):
    """The file cannot be turned into text.

    Attributes
    ----------
    zh, en : str
        The reason as one sentence, in Chinese and in English.
    """

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en
