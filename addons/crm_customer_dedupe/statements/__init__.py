"""Statements of the merge of customers, built without an environment."""
