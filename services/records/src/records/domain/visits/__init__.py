"""Visits to facilities: recorded with their costs, corrected, withdrawn. All of it is health data."""
