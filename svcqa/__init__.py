"""Service-quality assessment of a customer service department: casework, rulebook, correspondence."""
