"""The settings of the served Qingshan with one more address, a bare page: what benchmarks/pages.py serves."""

from qingshan.config.settings import *  # noqa: F403 - the same server in all but one page

ROOT_URLCONF = "_hello_urls"
