"""Runs any procedure that is drawn in BPMN; knows nothing of certificates."""
