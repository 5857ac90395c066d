"""Facts about service as they came in: interactions, surveys, ratings, exams, outages. Judges nothing."""
