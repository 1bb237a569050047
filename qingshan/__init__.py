"""Qingshan 青山: an official ecological action plan, carried out and proved."""
