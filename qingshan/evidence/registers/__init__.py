"""Registers 台账: what the plan counts or names, as rows of typed fields with a life cycle and a place."""
